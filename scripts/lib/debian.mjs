// Installing Debian packages, where these scripts may.

import { runQuietly, which } from './shell.mjs';

/** Whether packages can be installed without asking anybody. */
export function isDebianRoot() {
  return process.getuid?.() === 0 && which('apt-get') !== undefined;
}

/** Installs packages; refuses to remove any that stand in their way. Tells whether it succeeded. */
export async function debianInstall(...packages) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '--yes', '--no-remove', '--no-install-recommends', ...packages];
  return (
    (await runQuietly("Reading Debian's list of packages", 'apt-get', ['update'], env)) &&
    (await runQuietly(`Installing Debian's ${packages.join(', ')}`, 'apt-get', install, env))
  );
}
