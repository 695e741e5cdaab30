export { repositoryJob } from './here.ts';
export {
  type RestoreRepositoryOptions,
  restoreRepository,
  restoreRepositoryPreview,
} from './operator.ts';
