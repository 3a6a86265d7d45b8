/** Browsers that receive grant requests for lost audio, but do not offer them by themselves: the answer must say so. */
export function withAudioNack(sdp: string): string {
  return sdp.split(/(?=^m=)/m).map((section) => {
    if (!section.startsWith('m=audio')) return section;
    const types = [...section.matchAll(/^a=rtpmap:(\d+) (?:opus|red)\/48000/gim)].map((match) => match[1]!);
    const missing = types.filter((type) => !section.includes(`a=rtcp-fb:${type} nack`));
    return section + missing.map((type) => `a=rtcp-fb:${type} nack\r\n`).join('');
  }).join('');
}
