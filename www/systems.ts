// The settings that well-known systems come with, as far as the scenario language can say them. Only what was read in a system's own
// source or documentation; what was not is left out, and said to be unknown.

export interface System {
  readonly name: string;
  /** Settings without `set`, one after another. */
  readonly settings: readonly string[];
  /** What else there is to it that no setting says, and what is not known. */
  readonly besides: string;
  /** Where that was read. */
  readonly source: string;
}

type Row = readonly [name: string, settings: string, besides: string, source: string];

const ROWS: readonly Row[] = [
  [
    'Raft, the paper',
    'election-timeout 150ms..300ms',
    'ReadIndex and leases are described; a heartbeat is only said to be well below the election timeout.',
    'leaderelection/real.tex of the thesis',
  ],
  [
    'LogCabin',
    'election-timeout 500ms..1000ms, heartbeat 250ms, max-entries 5000, check-quorum on, reads read-index',
    'Messages in flight are not known.',
    'sample.conf 93–96, RaftConsensus.cc 2590',
  ],
  [
    'etcd',
    'election-timeout 1000ms..1999ms, heartbeat 100ms, inflight 100, pre-vote on, check-quorum on, stickiness on, reads read-index, snapshot-every 10000',
    'Up to 512 messages are in flight, more than can be set here. They are bounded by 1 MiB, not by entries. It keeps 5,000 entries behind a snapshot.',
    'embed/config.go 520–544, bootstrap.go 546–549, etcdserver/raft.go 38–41, server.go 78–85',
  ],
  [
    'TiKV',
    'election-timeout 10s..20s, heartbeat 2s, inflight 100, pre-vote on, check-quorum on, stickiness on, reads lease, drift-bound 10%',
    'Its lease lasts 9 s, one tick less than the election timeout: here a bound of 10 % on drift, with the stickiness that leases need. Up to 256 messages of 1 MiB are in flight. How it syncs is not known.',
    'raftstore config.rs 536–625, 692–701, 862–880',
  ],
  [
    'openraft (Databend)',
    'election-timeout 150ms..300ms, heartbeat 50ms, max-entries 300, pre-vote off, snapshot-every 5000',
    'Followers wait a lease of 300 ms more; the caller picks how to read. It keeps 1,000 entries behind a snapshot.',
    'config.rs DEFAULTS, engine_config.rs',
  ],
  [
    'hashicorp/raft',
    'election-timeout 1s..2s, heartbeat 150ms, max-entries 64, inflight 2, pre-vote on, snapshot-every 8192',
    'Heartbeats are drawn from 100 to 200 ms: here their middle. A leader keeps a lease of 500 ms; the caller picks how to read.',
    'config.go 329–343, net_transport.go 36',
  ],
  [
    'raft-rs, the library',
    'pre-vote off, check-quorum off, inflight 100, max-entries 1, reads read-index',
    'Up to 256 messages are in flight. Times are in ticks: heartbeat 2, election 20 to 39. What a tick lasts is up to the caller.',
    'config.rs Default',
  ],
  [
    'RabbitMQ quorum queues',
    'election-timeout 100ms..1100ms, max-entries 128, inflight 100, pre-vote on',
    'There is no heartbeat: connections and process monitors tell who is gone. Of its four timeouts the one called medium. Up to 4,096 entries are in flight.',
    'ra_server_proc.erl 66–68, 1931–1950; ra_server.hrl 7–8',
  ],
  [
    'NATS JetStream',
    'election-timeout 4s..9s, heartbeat 1s',
    'It syncs its disk every 2 minutes unless told to always: switch off “Sync before acknowledging”. How it reads is not known.',
    'server/raft.go 302–312, 3429; filestore.go 339',
  ],
];

export const SYSTEMS: readonly System[] = ROWS.map(([name, settings, besides, source]) => ({
  name,
  settings: settings.split(', '),
  besides,
  source,
}));
