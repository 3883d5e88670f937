/** The address of a file that travels packed; `vite.config.ts` makes it, `unpack.ts` takes it. */
declare module '*?packed' {
  const address: string;
  export default address;
}
