//! temp
fn main(){let a:Vec<String>=std::env::args().collect();let s=synth::doubles::Doubles{records:a[1].parse().unwrap(),seed:a[2].parse().unwrap(),mistakes:a[3].parse().unwrap()}.make();std::fs::write(&a[4],s.records).unwrap();std::fs::write(&a[5],s.truth).unwrap();}
