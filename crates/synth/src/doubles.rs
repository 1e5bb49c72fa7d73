//! Made-up English people recorded several times, with the mistakes that records have, and
//! the truth about who is who: to measure record linkage by.
//!
//! Nobody in it exists. Names are common ones and a long tail made of syllables; rates of
//! mistakes are set so that the set is hard, not so that it looks like one source.

use crate::dice::Dice;
use std::fmt::Write;

/// How a set is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubles {
    /// Number of records; about eight tenths as many true pairs come with them.
    pub records: u32,
    /// The same seed makes the same set.
    pub seed: u64,
    /// Rates of mistakes in per cent of the usual ones.
    pub mistakes: u32,
}

/// A set: two CSV texts.
pub struct Set {
    /// `id,given_name,family_name,birth_date,sex,postcode,town`.
    pub records: String,
    /// `id,cluster`.
    pub truth: String,
}

#[derive(Clone)]
struct Entry {
    given: String,
    family: String,
    year: i64,
    month: i64,
    day: i64,
    woman: bool,
    sex: &'static str,
    postcode: String,
    town: usize,
    born: String,
    place: String,
}

const WOMEN: &[&str] = &[
    "Margaret", "Susan", "Sarah", "Elizabeth", "Patricia", "Mary", "Emma", "Helen", "Karen", "Catherine", "Jacqueline", "Christine", "Claire",
    "Rebecca", "Deborah", "Joanne", "Amanda", "Jennifer", "Victoria", "Dorothy", "Barbara", "Charlotte", "Emily", "Jessica", "Sophie", "Olivia",
    "Amy", "Rachel", "Laura", "Lucy", "Samantha", "Gillian", "Linda", "Julie", "Janet", "Sandra", "Angela", "Pamela", "Doreen", "Joan", "Fatima",
    "Aisha", "Priya", "Agnieszka", "Grace", "Ruth", "Hannah", "Eleanor", "Kathleen", "Sheila", "Maureen", "Valerie", "Brenda", "Irene", "Winifred",
    "Florence", "Ella", "Poppy", "Megan", "Chloe", "Bethany", "Georgina", "Philippa", "Frances", "Josephine", "Theresa", "Veronica", "Marian",
];
const MEN: &[&str] = &[
    "John", "David", "Michael", "Peter", "Robert", "William", "James", "Paul", "Andrew", "Stephen", "Christopher", "Richard", "Mark", "Thomas",
    "Anthony", "Kenneth", "Brian", "George", "Alan", "Kevin", "Daniel", "Matthew", "Simon", "Ian", "Graham", "Edward", "Joseph", "Ronald",
    "Derek", "Raymond", "Philip", "Colin", "Keith", "Charles", "Dennis", "Frederick", "Albert", "Arthur", "Harold", "Mohammed", "Ahmed", "Raj",
    "Piotr", "Jack", "Harry", "Oliver", "Joshua", "Samuel", "Benjamin", "Alexander", "Nicholas", "Timothy", "Geoffrey", "Malcolm", "Terence",
    "Leonard", "Stanley", "Walter", "Norman", "Douglas", "Jonathan", "Gareth", "Neil", "Martin", "Barry", "Trevor", "Roger", "Patrick",
];
const FAMILIES: &[&str] = &[
    "Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Patel", "Wright", "Robinson", "Thompson", "Evans", "Walker",
    "White", "Roberts", "Green", "Hall", "Wood", "Jackson", "Clarke", "Clark", "Thomas", "Harris", "Lewis", "Khan", "Cooper", "Hill", "Ward",
    "Turner", "Hughes", "Martin", "Moore", "Edwards", "Scott", "Morris", "Parker", "Baker", "Bennett", "Carter", "Cook", "Shaw", "Bell", "Ali",
    "Begum", "Singh", "Hussain", "Ahmed", "Kaur", "Murphy", "Kelly", "Richardson", "Bailey", "Collins", "Cox", "Mitchell", "Price", "Gray",
];
const STARTS: &[&str] = &["Ash", "Bar", "Bran", "Cal", "Chad", "Cran", "Dun", "Ed", "Fair", "Gar", "Had", "Hart", "Hol", "Kel", "Lang", "Mar", "Nor", "Old", "Pem", "Quin", "Rad", "Sel", "Stan", "Thorn", "Under", "Wal", "West", "Win", "Wool", "Yar", "Mac", "Fitz", "Osa", "Kow", "Nwa", "Ade"];
const MIDDLES: &[&str] = &["", "", "", "ing", "er", "en", "a", "es", "el", "in", "ow", "o", "ens", "ar"];
const ENDS: &[&str] = &["ton", "ley", "ford", "well", "field", "worth", "by", "ham", "son", "man", "wood", "bury", "combe", "cock", "shaw", "dale", "ridge", "croft", "more", "stone", "ski", "bola", "land", "ward", "gate", "low"];
const TOWNS: &[&str] = &["Barchester", "Plumstead", "Ullathorne", "Framley", "Allington", "Courcy", "Silverbridge", "Greshamsbury", "Boxall Hill", "Hogglestock", "Hiram Heath", "Puddingdale", "Crabtree Parva", "Eiderdown", "Goshawk Cross", "Chaldicotes", "Gatherum", "Noningsby", "Guestwick", "Matching", "Loring", "Nuncombe", "Clavering", "Humblethwaite", "Carbury", "Beargarden", "Baslehurst", "Perivale", "Vavasor", "Scarrowby"];

impl Doubles {
    /// Makes the set.
    pub fn make(&self) -> Set {
        let mut maker = Maker {
            dice: Dice::new(self.seed, 0),
            mistakes: u64::from(self.mistakes),
            postcodes: u64::from(self.records / 60).max(40),
            tail: tail(),
        };
        let mut rows: Vec<(u32, Entry)> = Vec::new();
        let mut person = 0;
        while rows.len() < self.records as usize {
            for one in maker.household() {
                person += 1;
                let copies = [1, 2, 3, 4, 5][maker.dice.weighted(&[380, 350, 160, 85, 25])];
                for copy in 0..copies {
                    let entry = if copy == 0 && maker.dice.per_mille(700) { one.clone() } else { maker.spoil(&one) };
                    rows.push((person, entry));
                }
            }
        }
        rows.truncate(self.records as usize);
        for at in (1..rows.len()).rev() {
            let other = maker.dice.index(at + 1);
            rows.swap(at, other);
        }
        let mut set = Set {
            records: "id,given_name,family_name,birth_date,sex,postcode,town\n".to_owned(),
            truth: "id,cluster\n".to_owned(),
        };
        for (number, (person, one)) in (1..).zip(&rows) {
            let _ = writeln!(set.records, "R{number},{},{},{},{},{},{}", one.given, one.family, one.born, one.sex, one.postcode, one.place);
            let _ = writeln!(set.truth, "R{number},{person}");
        }
        set
    }
}

/// Rare family names, each once.
fn tail() -> Vec<String> {
    let mut all = Vec::new();
    for start in STARTS {
        for middle in MIDDLES {
            for end in ENDS {
                let name = format!("{start}{middle}{end}");
                if !all.contains(&name) {
                    all.push(name);
                }
            }
        }
    }
    all
}

struct Maker {
    dice: Dice,
    mistakes: u64,
    postcodes: u64,
    tail: Vec<String>,
}

impl Maker {
    /// A number below a limit, small ones far more often: as names are spread.
    fn skewed(&mut self, limit: usize) -> usize {
        let one = self.dice.below(limit as u64);
        let other = self.dice.below(limit as u64);
        usize::try_from(one * other / (limit as u64).max(1)).unwrap_or(0)
    }

    fn family(&mut self) -> String {
        if self.dice.per_mille(330) {
            let at = self.skewed(FAMILIES.len());
            return FAMILIES[at].to_owned();
        }
        let at = self.skewed(self.tail.len());
        self.tail[at].clone()
    }

    fn given(&mut self, woman: bool) -> String {
        if self.dice.per_mille(60) {
            let (start, end) = (self.dice.word(&["Al", "Be", "Da", "El", "Jo", "Ka", "La", "Mi", "No", "Ra", "Sa", "Ta", "Zo", "Ni", "Ya"]), self.dice.word(&["ina", "ran", "lene", "mir", "vek", "shan", "nor", "lia", "dre", "kia", "ris", "than"]));
            return format!("{start}{end}");
        }
        let list = if woman { WOMEN } else { MEN };
        let at = self.skewed(list.len());
        list[at].to_owned()
    }

    fn postcode(&mut self) -> (String, usize) {
        let number = self.dice.below(self.postcodes);
        let town = usize::try_from(number * TOWNS.len() as u64 / self.postcodes).unwrap_or(0);
        let letters = b"ABDEFGHJLNPQRSTUWXYZ";
        let letter = |at: u64| char::from(letters[usize::try_from(at % 20).unwrap_or(0)]);
        let district = number / 800 + 1;
        let text = format!("ZZ{district} {}{}{}", number / 80 % 10, letter(number / 4 % 20), letter(number * 7 % 20));
        (text, town)
    }

    fn person(&mut self, family: &str, home: &(String, usize), year: i64) -> Entry {
        let woman = self.dice.per_mille(510);
        let given = self.given(woman);
        let born = (year, a_month(&mut self.dice), a_day(&mut self.dice));
        entry(given, family, home, woman, born)
    }

    /// People who live together: one, a couple, or a family; now and then twins.
    fn household(&mut self) -> Vec<Entry> {
        let (family, home) = (self.family(), self.postcode());
        let year = self.dice.between(1925, 1998);
        let mut all = vec![self.person(&family, &home, year)];
        let kind = self.dice.weighted(&[40, 30, 30]);
        if kind > 0 {
            let other = if self.dice.per_mille(750) { family.clone() } else { self.family() };
            let year = year + self.dice.between(-6, 6);
            all.push(self.person(&other, &home, year));
        }
        if kind == 2 {
            for _ in 0..self.dice.between(1, 3) {
                let born = (year + self.dice.between(20, 38)).min(2024);
                let child = self.person(&family, &home, born);
                if self.dice.per_mille(25) {
                    let woman = self.dice.per_mille(500);
                    let given = self.given(woman);
                    if given != child.given {
                        let twin = entry(given, &family, &home, woman, (child.year, child.month, child.day));
                        all.push(twin);
                    }
                }
                all.push(child);
            }
        }
        all
    }

    /// Whether a mistake with a usual rate in a thousand happens.
    fn slips(&mut self, per_mille: u64) -> bool {
        self.dice.below(100_000) < per_mille * self.mistakes
    }

    /// The person as somebody else wrote them down.
    fn spoil(&mut self, person: &Entry) -> Entry {
        let mut one = person.clone();
        if self.slips(170) {
            let (postcode, town) = self.postcode();
            one.postcode = postcode;
            if self.dice.per_mille(800) {
                one.town = town;
                one.place = TOWNS[town].to_owned();
            }
        }
        if one.woman && self.slips(70) {
            let new = self.family();
            one.family = if self.dice.per_mille(200) { format!("{}-{new}", one.family) } else { new };
        }
        self.spoil_names(&mut one);
        self.spoil_birth(&mut one);
        if self.slips(60) {
            one.postcode = self.typo(&one.postcode);
        }
        if self.slips(70) {
            one.postcode = String::new();
        }
        if self.slips(50) {
            one.place = self.typo(&one.place);
        }
        if self.slips(100) {
            one.place = String::new();
        }
        if self.slips(15) {
            one.sex = if one.sex == "F" { "M" } else { "F" };
        }
        if self.slips(50) {
            one.sex = "";
        }
        one
    }

    fn spoil_names(&mut self, one: &mut Entry) {
        if self.slips(90) {
            one.given = short_form(&mut self.dice, &one.given);
        } else if self.slips(40) {
            one.given.truncate(1);
        } else if self.slips(40) {
            one.given = self.given(one.woman);
        }
        if self.slips(100) {
            one.given = self.typo(&one.given);
        }
        if self.slips(110) {
            one.family = self.typo(&one.family);
        }
        if self.slips(30) {
            one.family = self.typo(&one.family);
        }
        if self.slips(25) {
            std::mem::swap(&mut one.given, &mut one.family);
        }
        if self.slips(40) {
            one.given = String::new();
        } else if self.slips(20) {
            one.family = String::new();
        }
    }

    fn spoil_birth(&mut self, one: &mut Entry) {
        let (mut year, mut month, mut day) = (one.year, one.month, one.day);
        if self.slips(30) && day <= 12 {
            std::mem::swap(&mut month, &mut day);
        }
        if self.slips(50) {
            day = (day + self.dice.between(1, 27)) % 28 + 1;
        }
        if self.slips(25) {
            month = a_month(&mut self.dice);
        }
        if self.slips(35) {
            year += self.dice.between(-10, 10);
        }
        one.born = format!("{year:04}-{month:02}-{day:02}");
        if self.slips(60) {
            one.born = String::new();
        } else if self.slips(20) {
            one.born = "1900-01-01".to_owned();
        }
    }

    /// A slip of a finger or of an ear: a letter left out, doubled, changed or moved.
    fn typo(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        if letters.len() < 2 {
            return text.to_owned();
        }
        let at = self.dice.index(letters.len());
        match self.dice.below(5) {
            0 => {
                letters.remove(at);
            }
            1 => letters.insert(at, letters[at]),
            2 => {
                let next = (at + 1) % letters.len();
                letters.swap(at, next);
            }
            3 => letters[at] = mishear(letters[at]),
            _ => {
                let new = self.dice.word(&["a", "e", "i", "o", "n", "r", "t", "s", "l", "m"]).chars().next().unwrap_or('a');
                letters[at] = if letters[at].is_uppercase() { new.to_ascii_uppercase() } else { new };
            }
        }
        letters.into_iter().collect()
    }
}

fn entry(given: String, family: &str, home: &(String, usize), woman: bool, (year, month, day): (i64, i64, i64)) -> Entry {
    Entry {
        given,
        family: family.to_owned(),
        year,
        month,
        day,
        woman,
        sex: if woman { "F" } else { "M" },
        postcode: home.0.clone(),
        town: home.1,
        born: format!("{year:04}-{month:02}-{day:02}"),
        place: TOWNS[home.1].to_owned(),
    }
}

fn a_month(dice: &mut Dice) -> i64 {
    dice.between(1, 12)
}

fn a_day(dice: &mut Dice) -> i64 {
    dice.between(1, 28)
}

const fn mishear(letter: char) -> char {
    match letter {
        'a' => 'e',
        'e' => 'a',
        'i' => 'y',
        'y' => 'i',
        'c' => 'k',
        'k' => 'c',
        's' => 'z',
        'm' => 'n',
        'n' => 'm',
        'd' => 't',
        't' => 'd',
        'b' => 'p',
        'o' => 'u',
        other => other,
    }
}

fn short_form(dice: &mut Dice, name: &str) -> String {
    const FORMS: &[(&str, &[&str])] = &[
        ("Margaret", &["Maggie", "Peggy", "Meg"]), ("Elizabeth", &["Liz", "Beth", "Betty"]), ("William", &["Bill", "Will"]), ("Robert", &["Bob", "Rob"]),
        ("Catherine", &["Cathy", "Kate"]), ("Susan", &["Sue"]), ("Patricia", &["Pat", "Trish"]), ("Michael", &["Mike", "Mick"]), ("David", &["Dave"]),
        ("John", &["Jack"]), ("James", &["Jim"]), ("Christopher", &["Chris"]), ("Anthony", &["Tony"]), ("Andrew", &["Andy"]), ("Stephen", &["Steve"]),
        ("Richard", &["Dick", "Rick"]), ("Thomas", &["Tom"]), ("Jennifer", &["Jenny"]), ("Jacqueline", &["Jackie"]), ("Deborah", &["Debbie"]),
        ("Kenneth", &["Ken"]), ("Ronald", &["Ron"]), ("Samantha", &["Sam"]), ("Victoria", &["Vicky"]), ("Daniel", &["Dan"]), ("Matthew", &["Matt"]),
        ("Edward", &["Ted", "Ed"]), ("Joseph", &["Joe"]), ("Samuel", &["Sam"]), ("Benjamin", &["Ben"]), ("Alexander", &["Alex"]), ("Nicholas", &["Nick"]),
        ("Rebecca", &["Becky"]), ("Christine", &["Chris"]), ("Frederick", &["Fred"]), ("Albert", &["Bert"]), ("Raymond", &["Ray"]), ("Philip", &["Phil"]),
        ("Dorothy", &["Dot"]), ("Pamela", &["Pam"]), ("Gillian", &["Jill"]), ("Leonard", &["Len"]), ("Timothy", &["Tim"]), ("Geoffrey", &["Geoff"]),
    ];
    match FORMS.iter().find(|(formal, _)| *formal == name) {
        Some((_, forms)) => dice.word(forms).to_owned(),
        None => name.chars().take(3).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_repeats_and_has_its_share_of_true_pairs() {
        let make = || Doubles { records: 5_000, seed: 3, mistakes: 100 }.make();
        let (one, other) = (make(), make());
        assert!(one.records == other.records && one.truth == other.truth);
        let mut sizes = std::collections::BTreeMap::<&str, u32>::new();
        for line in one.truth.lines().skip(1) {
            *sizes.entry(line.split(',').nth(1).unwrap_or_default()).or_default() += 1;
        }
        let pairs: u32 = sizes.values().map(|size| size * (size - 1) / 2).sum();
        assert!((3_500..4_700).contains(&pairs), "{pairs}");
    }
}
