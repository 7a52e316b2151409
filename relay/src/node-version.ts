// Imported first: an older Node must say this in one line before anything else fails to load.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  console.error(`ml-relay needs Node.js 24.15 or newer; this is ${process.versions.node} (${process.execPath})`);
  process.exit(1);
}
