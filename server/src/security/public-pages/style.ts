/** Style of the pages for anybody. Logical directions only, so that Arabic needs nothing of its own; all contrasts are at least 4.5 to 1. */
export const style = `
:root{color-scheme:light;--ink:#14252b;--soft:#4d5c63;--brand:#0b6b74;--deep:#075860;--line:#d5e0e3;--field:#7d9097;--good:#0b5a2b;--goodsoft:#e4f5ea;--warn:#6b4a00;--warnsoft:#fff3d1;--bad:#8f130c;--badsoft:#fdecea}
*{box-sizing:border-box}
body{margin:0;min-height:100dvh;display:flex;flex-direction:column;background:#f3f7f8;color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic","Noto Sans SC","PingFang SC","Microsoft YaHei",Arial,sans-serif}
header,main,footer{inline-size:100%;max-inline-size:42rem;margin-inline:auto;padding-inline:1rem}
header{padding-block:1rem}main{flex:1}footer{padding-block:1.5rem}
.brand{display:inline-flex;align-items:center;gap:.6rem;color:inherit;text-decoration:none;font-size:1.2rem;min-block-size:2.75rem}
.brand svg{inline-size:2.25rem;block-size:2.25rem}
h1{font-size:1.6rem;line-height:1.3;margin:.25rem 0 1rem;text-wrap:balance}
h2{font-size:1.15rem;margin:0 0 .5rem}
.card{background:#fff;border:1px solid var(--line);border-radius:1rem;padding:1.25rem;margin-block-end:1rem}
.answer{border-inline-start:.5rem solid var(--soft)}
.answer h2{font-size:1.35rem}
.good{border-inline-start-color:var(--good);background:var(--goodsoft)}.good h2{color:var(--good)}
.warn{border-inline-start-color:var(--warn);background:var(--warnsoft)}.warn h2{color:var(--warn)}
.bad{border-inline-start-color:var(--bad);background:var(--badsoft)}.bad h2{color:var(--bad)}
p{margin:.25rem 0 .75rem}.key+p,.drop+p,.drop+noscript+p{margin-block-start:1rem}.soft{color:var(--soft)}
code{font-family:ui-monospace,Consolas,"Liberation Mono",monospace;direction:ltr;unicode-bidi:isolate;overflow-wrap:anywhere}
.key{display:block;font-size:1.05rem;letter-spacing:.04em;background:#f3f7f8;border-radius:.5rem;padding:.5rem .75rem}
label{display:block;font-weight:600;margin-block-end:.375rem}
input{inline-size:100%;min-block-size:3rem;border:1px solid var(--field);border-radius:.5rem;padding:.6rem .75rem;font:inherit;background:#fff}
.drop{border:2px dashed var(--field);border-radius:.75rem;padding:1rem}.drop.over{background:#e6f6f7;border-color:var(--brand)}
button,.button{display:inline-block;min-block-size:3rem;border:0;border-radius:.5rem;padding:.7rem 1.25rem;font:inherit;font-weight:650;background:var(--brand);color:#fff;text-decoration:none;cursor:pointer;margin-block-start:.75rem}
button:hover,.button:hover{background:var(--deep)}
a{color:var(--deep)}.brand,.button{text-decoration:none}
:focus-visible{outline:3px solid #c77700;outline-offset:2px}
ol{padding-inline-start:1.4rem;margin:.25rem 0}li{margin-block:.35rem}
footer nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}footer a{display:inline-block;min-block-size:2.75rem;padding-block:.5rem}footer a[aria-current]{font-weight:700;color:inherit;text-decoration:none}
output{display:block;font-weight:650;margin-block-start:.75rem}
`;
