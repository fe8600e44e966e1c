// OpenAI's own package against the simulator: create, retrieve until done, download, remix, files, models, errors.
// Reads JUXIN, ZHENZHEN and KEY; prints the number of paid creates.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import OpenAI, { toFile } from 'openai';

const { JUXIN, ZHENZHEN, KEY } = process.env;
const png = Buffer.from('iVBORw0KGgoAAQID', 'base64');
let paid = 0;

for (const [base, model] of [[JUXIN, 'sora-2-all'], [ZHENZHEN, 'sora-2']]) {
  await useWith(base, model);
}

console.log(`paid creates: ${paid}`);

async function useWith(base, model) {
  const client = new OpenAI({ apiKey: KEY, baseURL: `${base}v1`, maxRetries: 0 });

  const create = async (more) => {
    const video = await client.videos.create({ model, prompt: '一只小猫在草地上跑', seconds: '4', size: '1280x720', ...more });
    paid++;
    assert.equal(video.object, 'video');
    assert.equal(video.status, 'queued');
    assert.equal(video.model, model);
    return video;
  };

  const ended = async (video) => {
    while (video.status === 'queued' || video.status === 'in_progress') {
      await pause(50);
      const next = await client.videos.retrieve(video.id);
      assert.equal(next.id, video.id);
      video = next;
    }

    return video;
  };

  const first = await ended(await create());
  assert.equal(first.status, 'completed');
  assert.equal(first.progress, 100);
  assert.equal(first.size, '1280x720');
  assert.equal(first.seconds, '4');

  const bytes = async (id, query) => Buffer.from(await (await client.videos.downloadContent(id, query)).arrayBuffer());
  assert.equal((await bytes(first.id)).toString('latin1', 4, 8), 'ftyp');
  for (const variant of ['thumbnail', 'spritesheet']) {
    assert.deepEqual([...(await bytes(first.id, { variant })).subarray(0, 2)], [0xff, 0xd8], variant);
  }

  const fromFile = await create({ size: '720x1280', input_reference: await toFile(png, 'cat.png', { type: 'image/png' }) });
  assert.equal(fromFile.size, '720x1280');
  await create({ input_reference: { image_url: `data:image/png;base64,${png.toString('base64')}` } });

  const remix = await client.videos.remix(first.id, { prompt: '小猫变成了老虎' });
  paid++;
  assert.notEqual(remix.id, first.id);
  assert.equal(remix.remixed_from_video_id, first.id);
  const remixed = await ended(remix);
  assert.equal(remixed.status, 'completed');
  assert.equal(remixed.size, first.size);
  assert.equal((await bytes(remixed.id)).toString('latin1', 4, 8), 'ftyp');

  const failed = await ended(await create({ prompt: '一只小猫 [fail:审核未通过]' }));
  assert.equal(failed.status, 'failed');
  assert.equal(failed.error.message, '审核未通过');

  const file = await client.files.create({ file: await toFile(png, 'cat.png'), purpose: 'vision' });
  assert.equal(file.bytes, png.length);

  const models = [];
  for await (const known of client.models.list()) {
    models.push(known.id);
  }

  assert(models.includes(model));

  const refused = async (call, status, code, text) => {
    const error = await call().then(() => assert.fail('was taken'), (error) => error);
    assert(error instanceof OpenAI.APIError, `${error}`);
    assert.equal(error.status, status);
    assert.equal(error.code, code);
    assert.match(error.message, text);
  };

  const stranger = new OpenAI({ apiKey: 'test-key-of-nobody', baseURL: `${base}v1`, maxRetries: 0 });
  await refused(() => stranger.videos.create({ model, prompt: 'x' }), 401, '', /无效的令牌/);
  await refused(() => client.videos.create({ model: 'sora-9', prompt: 'x' }), 503, 'model_not_found', /sora-9/);
  await refused(() => client.videos.create({ model, prompt: ' ' }), 400, 'invalid_parameter', /prompt/);
  await refused(() => client.videos.retrieve('video_nobody'), 400, 'task_not_exist', /task_not_exist/);
  await refused(() => client.videos.downloadContent('video_nobody'), 404, 'task_not_exist', /task_not_exist/);
  await refused(() => client.videos.remix('video_nobody', { prompt: 'x' }), 400, 'task_not_exist', /task_not_exist/);
  await refused(() => client.videos.remix(failed.id, { prompt: 'x' }), 400, 'task_not_completed', /not completed/);
}
