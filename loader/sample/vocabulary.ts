/** The words of the sample: what borrowers write, and how often each choice occurs. All of it is invented. */

type Weighted = readonly (readonly [string, number])[];

export const PURPOSES: Weighted = [
  ["debt_consolidation", 464],
  ["credit_card", 130],
  ["other", 104],
  ["home_improvement", 75],
  ["major_purchase", 54],
  ["small_business", 47],
  ["car", 38],
  ["wedding", 24],
  ["medical", 18],
  ["moving", 14],
  ["educational", 10],
  ["house", 10],
  ["vacation", 9],
  ["renewable_energy", 3],
];

/** Titles a borrower may give, by purpose. */
export const TITLES: Readonly<Record<string, readonly string[]>> = {
  debt_consolidation: ["Debt Consolidation", "Consolidation Loan", "One payment, lower rate", "Debt free in 3 years"],
  credit_card: ["Credit Card Payoff", "Credit card refinancing", 'Goodbye, "low" teaser rates', "Cards paid in full"],
  other: ["Other Loan", "Personal Loan", "Bridge loan", "A fresh start"],
  home_improvement: ["Home Improvement", "New roof", "Kitchen, bath and deck", "Windows & siding"],
  major_purchase: ["Major Purchase", "Piano", "Appliances, at last", "Engagement ring"],
  small_business: ["Business Loan", "Inventory for the shop", "Food truck", "Expanding our bakery"],
  car: ["Car Loan", "Used car", "Transmission repair", "Motorcycle"],
  wedding: ["Wedding Loan", "Our wedding, our way", "Wedding and honeymoon"],
  medical: ["Medical Expenses", "Dental work", "Hospital bills"],
  moving: ["Moving Expenses", "Relocation", "Moving for a new job"],
  educational: ["Tuition", "Last year of college", "Nursing school"],
  house: ["Down payment", "Closing costs", "House purchase"],
  vacation: ["Vacation", "Trip home", "Family reunion"],
  renewable_energy: ["Solar panels", "Geothermal heating"],
};

/** What the money is for, in a sentence, by purpose. */
export const REASONS: Readonly<Record<string, readonly string[]>> = {
  debt_consolidation: [
    "I want to combine several balances into one payment, at one rate, with an end in sight.",
    "Three cards, a store account and an old loan: this pays off all of them.",
  ],
  credit_card: [
    'The bank raised my "fixed" rate, so I am moving the balance.',
    "To pay off two credit cards, and then close one of them.",
  ],
  other: ["This covers a few one-time expenses, nothing unusual.", "Short on cash this season, steady the rest."],
  home_improvement: [
    "The roof leaks, the gutters sag, and winter is coming.",
    'We are finishing the basement; the contractor quoted "about" this amount.',
  ],
  major_purchase: ["One large purchase, paid off monthly.", "Replacing a furnace, a washer and a dryer."],
  small_business: [
    "For inventory, a second oven, and a part-time helper.",
    'Our customers ask for "more of the same", so we are expanding.',
  ],
  car: ["A reliable used car, with low mileage, for my commute.", "Repairs cost less than a new car."],
  wedding: ["We are getting married, and want to pay the vendors at once.", "For the hall, the band and the flowers."],
  medical: ["Dental surgery, not covered by insurance.", "Hospital bills, to be paid in one go."],
  moving: ["Moving across the country, for a better job.", "Deposit, first month's rent, and a truck."],
  educational: ["Tuition and books for the last two semesters.", "A certificate that my employer asks for."],
  house: ["To complete a down payment.", "Closing costs, and a few repairs before moving in."],
  vacation: ["A trip that we have put off for ten years.", "Flights for four, to see the grandparents."],
  renewable_energy: ["Solar panels; the utility buys what we do not use.", "To insulate, then heat with a heat pump."],
};

/** What borrowers add about themselves. */
export const ABOUT: readonly string[] = [
  "I have never missed a payment.",
  "My income is steady, and I have been with the same employer for years.",
  'My friends call me "the careful one".',
  "Budget: rent, food, car, savings, and this loan.",
  "Thank you for reading, and for investing!",
  "I pay my bills on time, always have.",
];

export const JOBS: readonly string[] = [
  "Teacher",
  "Registered Nurse",
  "Office Manager",
  "Software Engineer",
  "Truck Driver",
  "Accountant",
  "Sales Associate",
  "Electrician",
  "Police Officer",
  "Graphic Designer",
  "Lab Technician",
  "Project Manager",
  "Chef",
  "Paralegal",
  "Mechanic",
  "Bank Teller",
  "Firefighter",
  "Pharmacist",
  "Editor",
  "Carpenter",
];

/** Employers; the real field often holds one instead of a job. Made up, except for kinds of public bodies. */
export const EMPLOYERS: readonly string[] = [
  "Blue Heron Logistics",
  "City of Fairmont",
  "County School District",
  "Northgate Hospital",
  "Larkspur & Sons, Inc.",
  "State University",
  "US Army",
  "Maple Street Bakery",
  "Quill Software, LLC",
  "Riverbend Manufacturing",
  "Sunrise Dental Group",
  'The "Corner" Cafe',
];

export const EMPLOYMENT_LENGTHS: Weighted = [
  ["10+ years", 223],
  ["< 1 year", 116],
  ["2 years", 110],
  ["3 years", 103],
  ["4 years", 86],
  ["5 years", 82],
  ["1 year", 82],
  ["6 years", 56],
  ["7 years", 45],
  ["8 years", 37],
  ["9 years", 32],
  ["n/a", 26],
];

export const HOME_OWNERSHIPS: Weighted = [
  ["RENT", 4763],
  ["MORTGAGE", 4453],
  ["OWN", 760],
  ["OTHER", 32],
  ["NONE", 2],
];

export const VERIFICATIONS: Weighted = [
  ["Not Verified", 44],
  ["Verified", 32],
  ["Source Verified", 24],
];
