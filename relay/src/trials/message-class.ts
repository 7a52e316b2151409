/** What a message is about in itself: key, name, numbers, ids and quoted texts of the one record folded away, so that equal causes are equal. */
export function messageClass(message: string, { key, label }: { key: string; label: string }): string {
  return (
    own(message, [key, key.replace(/^0+(?=.)/, ''), label])
      .replaceAll(/"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»/g, '…')
      .replaceAll(/(?<=^|[\s(:=,])['‘][^'’]*['’](?=$|[\s).,;:])/g, '…')
      .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '…')
      // Codes and numbers: every word with a digit in it, whatever signs join its parts.
      .replaceAll(/[\p{L}\p{N}_]*\p{N}[\p{L}\p{N}_]*(?:[./:+-][\p{L}\p{N}_]*\p{N}[\p{L}\p{N}_]*)*/gu, '…')
      .replaceAll(/…(?:[\s,]+(?:and |or )?…)+/g, '…')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, 300)
  );
}

function own(message: string, texts: readonly string[]): string {
  return texts.filter((text) => text.length > 2).reduce((rest, text) => rest.replaceAll(text, '…'), message);
}
