/** The part of dcmjs that is used here; it ships no types. */
declare module 'dcmjs' {
  const dcmjs: {
    readonly data: {
      readonly DicomDict: new (meta: object) => { dict: object; write(options?: object): ArrayBuffer };
      readonly DicomMessage: { readFile(bytes: ArrayBufferLike, options?: object): { dict: object; meta: object; write(options?: object): ArrayBuffer } };
      readonly DicomMetaDictionary: { denaturalizeDataset(dataset: object): object };
    };
  };
  export default dcmjs;
}
