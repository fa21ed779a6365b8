/** Codes of the states in the loans' data, the District of Columbia among them (dbt/seeds/state_codes.csv has their names). */
export const STATE_CODES: readonly string[] = (
  "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA " +
  "RI SC SD TN TX UT VT VA WA WV WI WY"
).split(" ");
