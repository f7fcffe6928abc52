//! `load`: what the hub carries in a second, beside nginx, over mutual TLS.
//!
//! Peers take turns, round by round, so that what the machine does beside it meets all of them.

mod cast;
mod peer;
mod report;
mod wire;
mod work;

use std::{io, net::Ipv4Addr, path::PathBuf, sync::Arc, time::Duration};

use fake_ca::CaServer;

use self::{
    cast::Cast,
    peer::{Kind, Peer},
    report::{Format, Row},
    work::{Sample, Work, measure},
};
use super::{machine, note};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// 測る作業 / what is done
    #[arg(long, value_enum, value_delimiter = ',', default_value = "accept,anew,cycle,handshake")]
    work: Vec<Work>,
    /// 測る相手 / who is measured
    #[arg(long, value_enum, value_delimiter = ',', default_value = "sqlite,postgres,nginx")]
    peers: Vec<Kind>,
    /// 同時の接続数 / connections at once
    #[arg(long, default_value = "16", value_parser = clap::value_parser!(u16).range(1..=500))]
    connections: u16,
    /// 1回の秒数 / seconds of one run
    #[arg(long, default_value = "4")]
    seconds: u64,
    /// 何巡するか / how many rounds
    #[arg(long, default_value = "5")]
    rounds: usize,
    /// 登録事業所数 / registered offices
    #[arg(long, default_value = "1000")]
    offices: usize,
    /// 一時ファイルを置くフォルダ / where the temporary files go
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// 結果の形 / form of the result
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(drive(args))
}

async fn drive(args: &Args) -> io::Result<()> {
    let cast = Arc::new(Cast::new(args.connections.into())?);
    let ca = CaServer::start(cast.ca.clone(), (Ipv4Addr::LOCALHOST, 0).into());
    let ca = ca.await.map_err(io::Error::other)?;
    let mut peers = vec![];
    for kind in &args.peers {
        match Peer::start(*kind, &cast, &ca, args).await {
            Ok(peer) => peers.push(Arc::new(peer)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                note(&format!("{} は測りません / is passed over: {error}", kind.title()));
            }
            Err(error) => return Err(error),
        }
    }
    let mut rows: Vec<Row> = args
        .work
        .iter()
        .flat_map(|work| peers.iter().map(|peer| (*work, peer.kind)))
        .filter(|(work, kind)| work.suits(*kind))
        .map(|(work, kind)| Row { work, kind, samples: vec![] })
        .collect();
    for round in 1..=args.rounds {
        for row in &mut rows {
            let peer = peers.iter().find(|peer| peer.kind == row.kind);
            let peer = peer.ok_or_else(|| io::Error::other("a peer is gone"))?;
            let sample = measure(peer, &cast, row.work, Duration::from_secs(args.seconds)).await;
            note(&format!("{round}/{}: {}", args.rounds, row.words(&sample, args.seconds)));
            row.samples.push(sample);
            peer.put_away()?;
        }
    }
    report::print(&rows, args, &machine())
}
