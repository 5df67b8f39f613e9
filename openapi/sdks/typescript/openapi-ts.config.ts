import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  // What scripts/sdk makes of openapi/openapi.json.
  input: process.env['BOXOFFICE_SDK_DOCUMENT']!,
  output: { path: 'src/generated', module: { extension: '.js' }, clean: true },
  plugins: [
    '@hey-api/typescript',
    { name: '@hey-api/client-fetch', throwOnError: true },
    {
      name: '@hey-api/sdk',
      // The hand-written transport says who is asking.
      auth: false,
      operations: { strategy: 'single', containerName: 'Operations' },
      responseStyle: 'data',
    },
  ],
});
