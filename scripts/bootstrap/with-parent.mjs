/**
 * Preloaded into the server: when the start script that launched it is gone (even by kill -9), the server ends in order, too.
 */
if (process.channel) {
  process.channel.unref();
  process.once('disconnect', () => { process.kill(process.pid, 'SIGTERM'); });
}
