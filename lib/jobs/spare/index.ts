export { type DrillOnOptions, drillOn, noteDrill } from './drill-on.ts';
