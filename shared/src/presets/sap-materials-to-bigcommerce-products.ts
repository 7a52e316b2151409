import { fields, type SapNeeds } from './needs.ts';

/** Materials with texts, stock and prices. */
export const materialsToProducts: SapNeeds = {
  functions: [],
  tables: {
    MARA: fields('MATNR ERSDA LAEDA MTART MATKL MEINS EAN11 BRGEW NTGEW GEWEI LVORM'),
    MAKT: fields('MATNR SPRAS MAKTX'),
    MARD: fields('MATNR WERKS LGORT LVORM LABST'),
    A004: fields('KAPPL KSCHL VKORG VTWEG MATNR DATBI DATAB KNUMH'),
    A304: fields('KAPPL KSCHL VKORG VTWEG MATNR KFRST DATBI DATAB KNUMH'),
    KONP: fields('KNUMH KOPOS KSCHL KRECH KBETR KONWA KPEIN KMEIN LOEVM_KO'),
    CDHDR: fields('OBJECTCLAS OBJECTID UDATE UTIME'),
    T023T: fields('SPRAS MATKL WGBEZ'),
  },
};
