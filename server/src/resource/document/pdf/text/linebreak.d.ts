declare module 'linebreak' {
  /** Finds where a line may end. @see UAX 14 */
  export default class LineBreaker {
    constructor(text: string);
    nextBreak(): { readonly position: number; readonly required: boolean } | null;
  }
}
