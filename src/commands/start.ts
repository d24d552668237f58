import { realEdges } from '../appliance/edges.ts';
import { type Appliance, createAppliance } from '../appliance.ts';
import { loadConfig } from '../config/load-config.ts';
import { ServiceNotify } from '../platform/service-notify.ts';
import { systemClock } from '../platform/system-clock.ts';
import type { Command } from './command.ts';
import { parseOptions } from './parse-options.ts';

/** A third of the WatchdogSec that the unit sets. */
const WATCHDOG_EVERY_MS = 10_000;

const HELP = `usage: zhanggui start

Runs the appliance until it is asked to stop (SIGTERM, SIGINT). At the first start it makes the
master key, certificates and the first staff account, and prints that account's one-time password.

What a site sets is in firmware-config/sites/; these variables win over it:
  ZHANGGUI_SITE           site file (default firmware-config/sites/demo.yaml)
  ZHANGGUI_DATA           data folder (default data/box)
  ZHANGGUI_MODEL_CACHE    trained intent models (default data/models)
  ZHANGGUI_HOST, ZHANGGUI_HTTPS_PORT, ZHANGGUI_HTTP_PORT (a port, or "off")
  ZHANGGUI_HQ_URL, ZHANGGUI_HQ_TOKEN_FILE
  ZHANGGUI_KEY_FILE, ZHANGGUI_PASSPHRASE
  ZHANGGUI_LOG            debug | info | warn | error | silent`;

/** `zhanggui start`. */
export const start: Command = async (args, { root, print, stopped }) => {
  const { values } = parseOptions(args, {
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) {
    print(HELP);
    return 0;
  }
  const startTick = performance.now();
  const config = await loadConfig(root);
  const edges = realEdges(config);
  const appliance = await createAppliance(config, edges);
  const service = new ServiceNotify({ notifySocket: config.notifySocket, log: edges.log });
  const report = await appliance.start(stopped);
  try {
    const origin = `https://localhost:${report.httpsPort}`;
    print(`掌柜 Zhanggui ${config.version} · ${config.site.branch.zh} ${config.site.branch.en}`);
    print(`kiosk: ${origin}/`);
    print(`staff: ${origin}/staff`);
    if (report.keyWarning) print(`warning: ${report.keyWarning}`);
    if (report.firstAccess) {
      const { name, oneTimePassword } = report.firstAccess;
      print(
        `first sign-in: ${name} / ${oneTimePassword}   (shown only now, to be changed at once)`,
      );
    }
    // Customers are answered from now on; the engine may take minutes to join at the first start.
    await service.ready();
    const served = feedWatchdog(service, appliance, stopped);
    const answering = appliance.untilAnswering().then(() => {
      const ms = Math.round(performance.now() - startTick);
      if (!stopped.aborted)
        print(`ready in ${ms} ms, answering with the ${appliance.mode()} engine`);
    });
    await Promise.race([answering, served]);
    await served;
  } finally {
    await service.stopping();
    await appliance.stop();
  }
  return 0;
};

/** Tells systemd that the box is well, for as long as it really is, until it is asked to stop. */
async function feedWatchdog(
  service: ServiceNotify,
  appliance: Appliance,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    await systemClock.sleep(WATCHDOG_EVERY_MS, stopped).catch(() => undefined);
    if (!stopped.aborted && appliance.isLive()) await service.watchdog();
  }
}
