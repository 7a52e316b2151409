import { fields, type SapNeeds } from './needs.ts';

/** Materials with texts, stock and prices. */
export const materialsToProducts: SapNeeds = {
  functions: [],
  tables: {
    MARA: fields('MATNR ERSDA LAEDA LVORM MTART MATKL MEINS BRGEW NTGEW GEWEI EAN11 MSTAE'),
    MAKT: fields('MATNR SPRAS MAKTX'),
    MARC: fields('MATNR WERKS LVORM MMSTA'),
    MARD: fields('MATNR WERKS LGORT LABST LVORM'),
    MBEW: fields('MATNR BWKEY BWTAR VPRSV VERPR STPRS PEINH'),
    MVKE: fields('MATNR VKORG VTWEG LVORM VMSTA'),
    A004: fields('KAPPL KSCHL VKORG VTWEG MATNR DATBI DATAB KNUMH'),
    A304: fields('KAPPL KSCHL VKORG VTWEG MATNR KFRST DATBI DATAB KBSTAT KNUMH'),
    KONP: fields('KNUMH KOPOS KSCHL KRECH KBETR KONWA KPEIN KMEIN LOEVM_KO'),
    CDHDR: fields('OBJECTCLAS OBJECTID CHANGENR UDATE UTIME CHANGE_IND'),
    T001: fields('BUKRS BUTXT LAND1 WAERS KTOPL'),
    T001K: fields('BWKEY BUKRS'),
    T001W: fields('WERKS NAME1 BWKEY'),
    T006: fields('MSEHI ISOCODE'),
    T006A: fields('SPRAS MSEHI MSEH3 MSEHT'),
    T023T: fields('SPRAS MATKL WGBEZ'),
    TCURC: fields('WAERS ISOCD'),
  },
};
