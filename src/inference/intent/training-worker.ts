// Thread that trains one intent model and ends: training blocks its thread for seconds.
import { parentPort, workerData } from 'node:worker_threads';
import { encodeIntentModel } from './intent-model-file.ts';
import { type TrainingJob, trainIntentModel } from './train-intent-model.ts';

const bytes = encodeIntentModel(trainIntentModel(workerData as TrainingJob).model);
parentPort?.postMessage(bytes, [bytes.buffer]);
