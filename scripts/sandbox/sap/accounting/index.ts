export { book, bookingOf, type Booking } from './booking.ts';
export { checkDocument, type Posting } from './check-document.ts';
export { logicalSystemOf } from './check-header.ts';
export { partnerOf } from './check-partners.ts';
export { readDraft, rowOf, type Draft } from './draft.ts';
export { message, returnRows, type Message } from './messages.ts';
export { closePeriod, isPeriodOpen, openPeriod, type PeriodOf } from './periods.ts';
export { bookReversal, planReversal, reversalTypeOf, reversingBooking } from './reversal.ts';
export { accountSums, postings, type AccountSum, type AccountSumRange, type Posted, type PostingSearch } from './truth.ts';
