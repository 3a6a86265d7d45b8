/** Style of the pages; sent inside each under the nonce of its content security policy. Logical directions only, so that Arabic needs nothing of its own. */
export const style = `
:root{color-scheme:light;--ink:#14252b;--soft:#4d5c63;--brand:#0b6b74;--deep:#075860;--canvas:#f3f7f8;--line:#d5e0e3;--field:#7d9097;--bad:#a3150e;--badsoft:#fdecea;--warn:#6b4a00;--warnsoft:#fff3d1}
*{box-sizing:border-box}
body{margin:0;min-height:100dvh;display:flex;flex-direction:column;background:linear-gradient(160deg,#e3f3f4 0,var(--canvas) 42%,#fff 100%) fixed;color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic","Noto Sans SC","PingFang SC","Microsoft YaHei",Arial,sans-serif}
.banner{background:var(--warnsoft);color:var(--warn);border-block-end:1px solid #f0d68a;padding:.5rem 1rem;text-align:center;font-weight:600}
.frame{flex:1;display:grid;align-content:center;justify-content:center;grid-template-columns:minmax(0,27rem);gap:1.25rem;padding:1.25rem 1rem}
.wide{grid-template-columns:minmax(0,27rem)}
.brand{display:flex;align-items:center;gap:.75rem;grid-column:1/-1}
.brand svg{inline-size:2.75rem;block-size:2.75rem;flex:none}
.brand b{font-size:1.35rem;line-height:1.2;display:block;letter-spacing:-.01em}
.brand small{color:var(--soft);font-size:.875rem;line-height:1.3;display:block}
.card{background:#fff;border:1px solid var(--line);border-radius:1rem;padding:1.5rem;box-shadow:0 1px 2px #0b3b4014,0 12px 32px #0b3b401a;min-inline-size:0}
h1{font-size:1.5rem;line-height:1.3;font-weight:650;margin:0 0 .25rem;text-wrap:balance}
h2{font-size:1.1rem;line-height:1.35;font-weight:650;margin:0 0 .25rem}
p{margin:.25rem 0 1rem}
.span{grid-column:1/-1}
.soft{color:var(--soft)}.small{font-size:.875rem}
.after{margin-block:1.25rem 0}
form{margin:0}
label{display:block;font-weight:600;margin-block:1rem .375rem}
input{inline-size:100%;min-block-size:3rem;border:1px solid var(--field);border-radius:.5rem;padding:.5rem .75rem;font:inherit;color:inherit;background:#fff}
input[aria-invalid=true]{border-color:var(--bad);border-width:2px}
.code{font-size:1.5rem;letter-spacing:.35em;text-align:center;font-variant-numeric:tabular-nums;direction:ltr}
.ltr{direction:ltr;unicode-bidi:isolate}
button,.button{display:block;inline-size:100%;min-block-size:3rem;border:1px solid transparent;border-radius:.5rem;padding:.625rem 1rem;font:inherit;font-weight:650;text-align:center;text-decoration:none;cursor:pointer;background:var(--brand);color:#fff;margin-block-start:1.25rem}
button:hover,.button:hover{background:var(--deep)}
.plain{background:#fff;color:var(--deep);border-color:var(--field)}
.plain:hover{background:#e6f6f7}
.link{background:none;color:var(--deep);border:0;text-decoration:underline;text-underline-offset:.2em;font-weight:500;margin-block-start:.5rem}
.link:hover{background:#e6f6f7}
a{color:var(--deep);text-underline-offset:.2em}
:focus-visible{outline:3px solid #0f8590;outline-offset:2px}
.error{display:flex;gap:.625rem;background:var(--badsoft);color:var(--bad);border:1px solid #f3b8b3;border-radius:.5rem;padding:.75rem;margin-block:1rem 0;font-weight:600}
.error::before{content:"!";flex:none;inline-size:1.4rem;block-size:1.4rem;border-radius:50%;background:var(--bad);color:#fff;text-align:center;line-height:1.4rem}
.good{background:#e6f4ea;color:#14602c;border:1px solid #b0dcbd;border-radius:.5rem;padding:.75rem;margin-block:1rem 0;font-weight:600}
.choices{list-style:none;margin:0;padding:0;display:grid;gap:.5rem}
.choices button{display:grid;gap:.125rem;margin:0;text-align:start;font-weight:500;background:#fff;color:var(--ink);border-color:var(--line)}
.choices button:hover{background:#e6f6f7;border-color:var(--brand)}
.choices b{font-weight:650;color:var(--deep)}
.demo{border-block-start:4px solid #e0b93d}
.tag{display:inline-block;background:var(--warnsoft);color:var(--warn);border-radius:.375rem;padding:.125rem .5rem;font-size:.8125rem;font-weight:650}
.people{max-block-size:22rem;overflow:auto;padding:.25rem;margin-inline:-.25rem}
.stack{display:grid;gap:1.25rem}
.qr svg{display:block;inline-size:100%;block-size:auto}
.qr{display:block;inline-size:min(15rem,100%);margin:1rem auto;background:#fff}
.key{font:600 .95rem/1.6 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere;direction:ltr;unicode-bidi:isolate;background:var(--canvas);padding:.5rem .75rem;border-radius:.5rem;display:block}
.codes{list-style:none;padding:0;margin:1rem 0;display:grid;grid-template-columns:repeat(auto-fill,minmax(11.5rem,1fr));gap:.375rem;direction:ltr}
footer{padding:1rem}
footer nav{display:flex;flex-wrap:wrap;gap:.25rem;justify-content:center}
footer a{padding:.5rem .625rem;border-radius:.375rem;text-decoration:none;min-block-size:2.5rem}
footer a:hover{background:#e6f6f7}
footer a[aria-current]{font-weight:700;text-decoration:underline}
@media (min-width:60rem){.wide{grid-template-columns:minmax(0,27rem) minmax(0,27rem);align-items:start}}
@media (max-width:26rem){.card{padding:1.125rem}.frame{padding:1rem .75rem}}
@media (forced-colors:active){button,.button,input,.card{border-color:CanvasText}}
`;
