/** What Stryker loads, by its own plain Node. */
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { InProcess } from './runner.ts';
import { Sample } from './sample.ts';

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'here', InProcess),
  declareClassPlugin(PluginKind.Checker, 'sample', Sample),
];
