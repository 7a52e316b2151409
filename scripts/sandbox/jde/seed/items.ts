/** Items that are bought. Prices are per purchasing unit, in the supplier's currency. */
export interface Item {
  ITM: string;
  LITM: string;
  AITM: string;
  DSC1: string;
  DSC2: string;
  UOM: string;
  UOM3: string;
  /** How many UOM make one UOM3. */
  perPurchasingUnit: string;
  price: string;
}

const rows = `
60003|210|M-210|Mountain Bike, rot|26 Zoll|EA|EA|1|412.5000
60011|220|M-220|Touring Bike|28", Größe M|EA|EA|1|388.0000
60020|2001|X2001|Cro-Moly Frame, Red||EA|EA|1|96.2500
60038|SCHRAUBE-M8|4001627000012|Sechskantschraube M8x40|verzinkt, 100er Karton|EA|CS|100|7.9000
60046|FARBE-RAL5010|4001627000029|Lack RAL 5010 Enzianblau|Gebinde 5 l|LT|KA|5|61.4500
60054|STEEL-S235|S235JR|Stahlblech S235JR 3 mm|1000 x 2000|KG|TN|1000|1184.0000
60062|KABEL-3G15|H07RN-F|Gummischlauchleitung 3G1,5|Trommel 50 m|MT|RL|50|73.3300
60071|PAPER-A4|A4-80|Copy Paper A4 80g|box of 5 reams|EA|BX|5|18.9500
60089|中文零件-07|CN-0007|轴承座 P207|铸铁|EA|EA|1|3.1275
60097|GLOVES-L|GL-L|Nitrile Gloves, size L|"powder-free"|PR|BX|50|0.8333
60101|SERVO-9000|SRV9000|Servo drive 9 kW & cable|incl. manual|EA|EA|1|12480.0000
60119|O-RING-12|OR12|O'Ring 12 mm|NBR 70|EA|EA|1|0.0175
`;

export const items: readonly Item[] = rows
  .trim()
  .split('\n')
  .map((line) => {
    const [ITM = '', LITM = '', AITM = '', DSC1 = '', DSC2 = '', UOM = '', UOM3 = '', perPurchasingUnit = '', price = ''] = line.split('|');
    return { ITM, LITM, AITM, DSC1, DSC2, UOM, UOM3, perPurchasingUnit, price };
  });
