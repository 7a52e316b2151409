/** Every table and field that materials read, for the agent's policy. */
export const materialReads = {
  MARA: ['MATNR', 'ERSDA', 'LAEDA', 'MTART', 'MATKL', 'MEINS', 'EAN11', 'BRGEW', 'NTGEW', 'GEWEI', 'LVORM'],
  MAKT: ['MATNR', 'SPRAS', 'MAKTX'],
  MARD: ['MATNR', 'WERKS', 'LGORT', 'LVORM', 'LABST'],
  A304: ['KAPPL', 'KSCHL', 'VKORG', 'VTWEG', 'MATNR', 'KFRST', 'DATBI', 'DATAB', 'KNUMH'],
  A004: ['KAPPL', 'KSCHL', 'VKORG', 'VTWEG', 'MATNR', 'DATBI', 'DATAB', 'KNUMH'],
  KONP: ['KNUMH', 'KOPOS', 'KSCHL', 'KRECH', 'KBETR', 'KONWA', 'KPEIN', 'KMEIN', 'LOEVM_KO'],
  CDHDR: ['OBJECTCLAS', 'OBJECTID', 'UDATE', 'UTIME'],
  T023T: ['SPRAS', 'MATKL', 'WGBEZ'],
} as const;
