//! `generate`: a file, or a whole 送信単位, into a folder.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use careplan_benches::generate::{Order, Sheet, Size};

use super::{SheetName, line, size, size_text};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 書き込むフォルダ / the folder to write into
    folder: PathBuf,
    /// ファイルの種類 / the kind of file
    #[arg(long, value_enum, default_value = "slip")]
    sheet: SheetName,
    /// ファイルの大きさ / how large
    #[arg(long, value_parser = size, default_value = "256M")]
    bytes: u64,
    /// この人数分の送信単位を丸ごと作る / whole units, of so many people
    #[arg(long, value_name = "PEOPLE", conflicts_with = "bytes")]
    people: Option<u64>,
    /// 誤りのあるレコードの割合（%） / share of faulty records
    #[arg(long, value_parser = clap::value_parser!(u8).range(..=100), default_value = "0")]
    faulty: u8,
    /// 乱数の種 / seed
    #[arg(long, default_value = "1")]
    seed: u64,
}

pub(crate) fn run(args: &Args) -> io::Result<()> {
    fs::create_dir_all(&args.folder)?;
    let (sheets, size) = match (args.people, args.sheet) {
        (None, sheet) => (vec![sheet.sheet()], Size::Bytes(args.bytes)),
        (Some(count), SheetName::Slip) => (Sheet::SLIP_UNIT.to_vec(), Size::People(count)),
        (Some(count), SheetName::Plan2) => (Sheet::PLAN_UNIT.to_vec(), Size::People(count)),
    };
    let order = Order { seed: args.seed, size, faulty_percent: args.faulty };
    for sheet in sheets {
        let path = args.folder.join(sheet.file_name(0));
        let mut file = BufWriter::new(File::create(&path)?);
        let written = order.write(sheet, &mut file)?;
        file.flush()?;
        let (records, size) = (written.records, size_text(written.bytes));
        line(&format!("{}: {records} records, {size}", path.display()))?;
    }
    Ok(())
}
