//! Scenarios against a service that already runs.

use std::rc::Rc;
use std::time::Duration;

use anyhow::bail;

use crate::base_url::BaseUrl;
use crate::drive::{Plan, drive};
use crate::report::{Row, print_header, print_row};
use crate::seed::{Account, accounts, create_tickets, place_orders};
use crate::workload::{Scenario, Workload};

/// Users who sign in and buy; their tokens are in use at once.
const BUYERS: usize = 16;
const SELLERS: usize = 8;
/// Tickets that reads choose from.
const TICKETS_TO_READ: u64 = 20_000;
/// More orders a second than this one replica does not take.
const ORDERS_PER_SECOND: u64 = 30_000;
/// More than this several replicas on one machine do not take: each of them applies them all.
const ORDERS_PER_SECOND_OF_SEVERAL: u64 = 15_000;
/// More payments a second than this are not expected; a measurement that has paid for all orders ends before.
const PAYMENTS_PER_SECOND: u64 = 6_000;
/// Those who pay: the service makes a few payments of each at once, and there are more connections than that.
const PAYERS: usize = 64;
/// One connection is bound by its round trips, which no fsync lets happen more often than this.
const ORDERS_PER_SECOND_AND_CONNECTION: u64 = 3_000;
const WARM_UP: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The service, as http://host:port.
    #[arg(long)]
    base: BaseUrl,
    /// The process id of the service, to measure its CPU time and memory.
    #[arg(long)]
    pid: Option<u32>,
    /// What to measure; repeat or separate by commas.
    #[arg(long, value_delimiter = ',', required = true)]
    scenario: Vec<Scenario>,
    /// Numbers of connections; repeat or separate by commas.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 64, 256, 1024])]
    connections: Vec<usize>,
    /// How long to measure each.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

/// Measures and prints the table.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let seconds = Duration::from_secs(args.seconds);
    let only_handler = args.scenario.iter().all(|scenario| *scenario == Scenario::Handler);
    let target = match only_handler {
        true => Target::baseline([args.base], args.pid),
        false => Target::prepare([args.base], args.pid).await?,
    };
    print_header();
    for scenario in args.scenario {
        for connections in &args.connections {
            print_row(&target.measure(scenario, *connections, seconds).await?);
        }
    }
    Ok(())
}

/// A running service with what the scenarios need in it.
pub(crate) struct Target {
    /// The replicas that are asked, in turns.
    pub(crate) bases: Rc<[BaseUrl]>,
    pub(crate) pid: Option<u32>,
    pub(crate) sellers: Rc<[Account]>,
    pub(crate) buyers: Rc<[Account]>,
    /// Who sign in again and again. Nobody else: an account keeps its latest hundred sessions only.
    visitors: Rc<[Account]>,
    tickets: Rc<[String]>,
    /// More orders a second than this are not expected; so many tickets are posted before.
    orders_per_second: u64,
    /// The same of payments, for orders that are placed before.
    payments_per_second: u64,
}

impl Target {
    /// Makes the accounts and the tickets to read.
    pub(crate) async fn prepare(bases: impl Into<Rc<[BaseUrl]>>, pid: Option<u32>) -> anyhow::Result<Self> {
        let mut target = Self::for_sales(bases, pid).await?;
        let base = target.bases[0];
        target.visitors = accounts(base, "visitor", BUYERS).await?;
        target.tickets = create_tickets(&target.bases, &target.sellers, TICKETS_TO_READ).await?.into();
        Ok(target)
    }

    /// Makes the accounts that sell and buy, and nothing else: for orders and payments alone.
    pub(crate) async fn for_sales(bases: impl Into<Rc<[BaseUrl]>>, pid: Option<u32>) -> anyhow::Result<Self> {
        let mut target = Self::baseline(bases, pid);
        let base = target.bases[0];
        target.sellers = accounts(base, "seller", SELLERS).await?;
        target.buyers = accounts(base, "buyer", BUYERS).await?;
        Ok(target)
    }

    /// The same, of which no more orders and payments a second are expected. Less is made for them before; a measurement
    /// that has used it up ends before its time.
    pub(crate) fn at_most(self, orders_per_second: u64, payments_per_second: u64) -> Self {
        Self { orders_per_second, payments_per_second, ..self }
    }

    /// The handler without a store needs nothing; any id will do.
    pub(crate) fn baseline(bases: impl Into<Rc<[BaseUrl]>>, pid: Option<u32>) -> Self {
        let tickets = Rc::new(["ticket_01h455vb4pex5vsknk084sn02q".to_owned()]);
        let bases: Rc<[BaseUrl]> = bases.into();
        let orders_per_second =
            if bases.len() > 1 { ORDERS_PER_SECOND_OF_SEVERAL } else { ORDERS_PER_SECOND };
        Self {
            bases,
            pid,
            sellers: Rc::new([]),
            buyers: Rc::new([]),
            visitors: Rc::new([]),
            tickets,
            orders_per_second,
            payments_per_second: PAYMENTS_PER_SECOND,
        }
    }

    /// Measures one scenario at one number of connections.
    pub(crate) async fn measure(
        &self,
        scenario: Scenario,
        connections: usize,
        measured: Duration,
    ) -> anyhow::Result<Row> {
        let workload = match scenario {
            Scenario::Handler | Scenario::GetTicket => Workload::GetTicket { ids: Rc::clone(&self.tickets) },
            Scenario::List => Workload::List,
            Scenario::Search => Workload::Search,
            Scenario::Signin => Workload::SignIn { accounts: Rc::clone(&self.visitors) },
            Scenario::Orders => self.prepared_orders(connections, measured).await?,
            Scenario::Payments => self.prepared_payments(measured).await?,
        };
        self.measure_prepared(scenario, workload, connections, measured).await
    }

    /// Measures a workload of this scenario.
    pub(crate) async fn measure_prepared(
        &self,
        scenario: Scenario,
        workload: Workload,
        connections: usize,
        measured: Duration,
    ) -> anyhow::Result<Row> {
        // Tickets are too dear to spend on warming up, and the posting of them has just done it.
        let is_dear = matches!(scenario, Scenario::Orders | Scenario::Payments);
        let warm_up = if is_dear { Duration::ZERO } else { WARM_UP };
        let plan = Plan { connections, warm_up, measured, pace: None, server_pid: self.pid };
        let measurement = drive(&self.bases, workload, plan, |_| ()).await?;
        if measurement.done == 0 {
            bail!("{} at {connections}: nothing succeeded: {:?}", scenario.name(), measurement.failures);
        }
        Ok(Row { scenario: scenario.name().to_owned(), connections, measurement })
    }

    /// Orders for so long, of tickets that are posted first.
    pub(crate) async fn prepared_orders(
        &self,
        connections: usize,
        measured: Duration,
    ) -> anyhow::Result<Workload> {
        let per_second = self.orders_per_second.min(ORDERS_PER_SECOND_AND_CONNECTION * connections as u64);
        let tickets =
            create_tickets(&self.bases, &self.sellers, per_second * measured.as_secs().max(1)).await?;
        Ok(Workload::order(tickets.into(), Rc::clone(&self.buyers)))
    }

    /// Payments for so long, for orders that are placed first.
    async fn prepared_payments(&self, measured: Duration) -> anyhow::Result<Workload> {
        let payers = accounts(self.bases[0], "payer", PAYERS).await?;
        let count = self.payments_per_second * measured.as_secs().max(1);
        let tickets = create_tickets(&self.bases, &self.sellers, count).await?;
        let orders = place_orders(&self.bases, &payers, tickets.into()).await?;
        Ok(Workload::pay(orders.into()))
    }
}
