import { Trouble, root } from './print.mjs';
import { runToEnd } from './child.mjs';

/** The user's environment without what an outer `npm start` says about itself; the user's own npm settings stay. */
export function cleanEnvironment(env = process.env) {
  const about = /^npm_(lifecycle|package|command|execpath|node_execpath)|^npm_config_(local_prefix|prefix|global_prefix|workspaces?|npm_version|user_agent)$|^INIT_CWD$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !about.test(name)));
}

const causes = [
  [/ENOSPC/, 'The disk is full. Free about 3 GB where this folder lies (and where npm keeps its cache) and start again.'],
  [/EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ECONNRESET/, 'The npm registry cannot be reached. Bedside needs it for its first start and after an update; check the network, or the registry and proxy in your npm configuration (npm config list).'],
  [/E401|E403|ENEEDAUTH/, 'The npm registry refuses us: your npm configuration (npm config list) names a registry that wants other credentials.'],
  [/E404|ETARGET/, 'The npm registry does not have a package that Bedside needs; your npm configuration may name a mirror that is behind.'],
  [/EINTEGRITY/, 'A downloaded package is not what the lock file says. Try again; if it stays so, distrust the registry or proxy in between.'],
  [/EACCES|EPERM|EROFS/, `This user may not write to ${root} or to npm's cache. Give the folder to this user, or start as the user it belongs to.`],
];

/** Runs npm quietly; a failure is told in plain words first, then in npm's own. */
export async function runNpm(node, npm, args, cwd) {
  const { code, output } = await runToEnd(node, [npm, ...args], { quiet: true, cwd, env: cleanEnvironment() });
  if (code === 0) return;
  const why = causes.find(([pattern]) => pattern.test(output))?.[1] ?? `npm ended with code ${code}.`;
  const said = output.split('\n').filter((line) => /npm (error|ERR!)/.test(line)).slice(0, 12).join('\n');
  throw new Trouble(`${why}\n\n${said}`);
}
