/** Where the service worker keeps visited pages. The page puts itself there too. */
export const PAGES = "workbook-pages";
