// Loaded ahead of the script (`node --import`): the client has no setting for where the API is, so what it asks of
// https://mailtrap.io goes to SIMULATOR_URL. The script itself is what would run against Mailtrap.
import { createRequire } from 'node:module';

const axios = createRequire(createRequire(import.meta.url).resolve('mailtrap'))('axios');
const { create } = axios;

axios.create = (...options) => {
  const instance = create(...options);
  instance.interceptors.request.use((request) => {
    request.url = request.url.replace('https://mailtrap.io', process.env.SIMULATOR_URL);
    return request;
  });
  return instance;
};
