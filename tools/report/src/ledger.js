// ledger.js - every value that the result rests on.
export const ledgerSection = () => null;
