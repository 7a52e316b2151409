/** As a ref: the field has the cursor when it appears. For forms that are all there is on a page, or that a person just asked for. */
export function firstFocus(element: HTMLElement | null): void {
  element?.focus();
}
