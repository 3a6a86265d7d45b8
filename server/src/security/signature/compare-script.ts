/** Compares a file with the document's hash on the visitor's device; nothing is sent. Plain script, for any browser that has WebCrypto. */
export const compareScript = `
const drop = document.getElementById('drop'), input = document.getElementById('file'), result = document.getElementById('result');
const say = (text, look) => { result.textContent = text; drop.classList.remove('good', 'bad'); if (look) drop.classList.add(look); };
async function compare(file) {
  if (!file) return;
  if (!window.crypto || !crypto.subtle) return say(drop.dataset.cannot, 'bad');
  if (file.size > 300 * 1024 * 1024) return say(drop.dataset.tooLarge, 'bad');
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  const hex = Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, '0')).join('');
  const same = hex === drop.dataset.sha256;
  say(same ? drop.dataset.same : drop.dataset.different, same ? 'good' : 'bad');
}
const fail = () => say(drop.dataset.cannot, 'bad');
input.addEventListener('change', () => { compare(input.files[0]).catch(fail); });
addEventListener('dragover', (event) => { event.preventDefault(); drop.classList.add('over'); });
addEventListener('dragleave', () => drop.classList.remove('over'));
addEventListener('drop', (event) => { event.preventDefault(); drop.classList.remove('over'); compare(event.dataTransfer.files[0]).catch(fail); });
`;
