import { bmkg_forecast } from '../feeds/bmkg_forecast.ts';
import { bmkg_nowcast } from '../feeds/bmkg_nowcast.ts';
import { bmkg_quake } from '../feeds/bmkg_quake.ts';
import { petabencana_flood } from '../feeds/petabencana_flood.ts';
import { petabencana_report } from '../feeds/petabencana_report.ts';
import type { Feed } from './feed.ts';

/** All feeds there are; which of them are pulled says `FEEDS`. */
export const feeds: readonly Feed[] = [bmkg_quake, bmkg_nowcast, bmkg_forecast, petabencana_flood, petabencana_report];
