// provenance.js - how it was made.
export const provenanceSection = () => null;
