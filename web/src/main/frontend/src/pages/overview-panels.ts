import type { Unit } from '../lib/format';

/** A chart of the overview; `{i}` stands for the matcher of the chosen instance. */
export type Panel = {
  id: string;
  unit: Unit;
  /** One expression per line of the chart, with the text key of its name. */
  lines: { query: string; name: string }[];
  /** The value at which the resource is used up; panels that have one appear under "what will be". */
  limit?: number;
};

const DISKS = 'fstype!~"tmpfs|ramfs|overlay|squashfs|devtmpfs|fuse.*|proc|sysfs|cgroup.*"';

export const HOST_PANELS: Panel[] = [
  {
    id: 'cpu',
    unit: 'percent',
    lines: [{ query: '100 * (1 - avg(rate(node_cpu_seconds_total{mode="idle",{i}}[2m])))', name: 'panel.cpu' }],
    limit: 100,
  },
  {
    id: 'memory',
    unit: 'percent',
    lines: [
      {
        query: '100 * (1 - sum(node_memory_MemAvailable_bytes{{i}}) / sum(node_memory_MemTotal_bytes{{i}}))',
        name: 'panel.memory',
      },
    ],
    limit: 100,
  },
  {
    id: 'disk',
    unit: 'percent',
    lines: [
      {
        query: `100 * (1 - min(node_filesystem_avail_bytes{${DISKS},{i}} / node_filesystem_size_bytes{${DISKS},{i}}))`,
        name: 'panel.disk',
      },
    ],
    limit: 100,
  },
  {
    id: 'network',
    unit: 'bytes/s',
    lines: [
      { query: 'sum(rate(node_network_receive_bytes_total{device!="lo",{i}}[2m]))', name: 'panel.received' },
      { query: 'sum(rate(node_network_transmit_bytes_total{device!="lo",{i}}[2m]))', name: 'panel.sent' },
    ],
  },
  {
    id: 'diskio',
    unit: 'bytes/s',
    lines: [
      { query: 'sum(rate(node_disk_read_bytes_total{{i}}[2m]))', name: 'panel.read' },
      { query: 'sum(rate(node_disk_written_bytes_total{{i}}[2m]))', name: 'panel.written' },
    ],
  },
  {
    id: 'load',
    unit: 'number',
    lines: [{ query: 'sum(node_load1{{i}})', name: 'panel.load' }],
  },
  {
    id: 'heap',
    unit: 'bytes',
    lines: [{ query: 'sum(jvm_memory_used_bytes{area="heap",{i}})', name: 'panel.heap' }],
  },
  {
    id: 'ingest',
    unit: 'per second',
    lines: [{ query: 'sum(rate(auspex_ingest_samples_total{{i}}[2m]))', name: 'panel.ingest' }],
  },
];

/** The expressions of a panel for one instance, or for all when it is empty. */
export function queriesOf(panel: Panel, instance: string): string[] {
  const matcher = instance === '' ? '' : `instance=${JSON.stringify(instance)}`;
  return panel.lines.map(({ query }) =>
    query.replaceAll(',{i}', matcher === '' ? '' : `,${matcher}`).replaceAll('{i}', matcher).replaceAll('{}', ''),
  );
}
