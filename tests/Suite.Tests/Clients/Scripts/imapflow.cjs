// Works on an account by imapflow: imapflow.cjs MODULE ADDRESS PASSWORD IMAP IMAPS. Two messages are in the INBOX.
'use strict';
const assert = require('node:assert/strict');
const [module_, user, pass, imap, imaps] = process.argv.slice(2);
const { ImapFlow } = require(module_);
const options = { host: '127.0.0.1', auth: { user, pass }, tls: { rejectUnauthorized: false }, logger: false, qresync: true };

async function connect(secure) {
  const client = new ImapFlow({ ...options, secure, port: Number(secure ? imaps : imap) });
  client.on('error', error => { console.error(error); process.exit(1); });
  await client.connect();
  return client;
}

async function within(milliseconds, promise, what) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms: ${what}`)), milliseconds); });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function main() {
  const client = await connect(false);
  assert.equal(client.secureConnection, true);
  const folders = await client.list({ statusQuery: { messages: true, unseen: true } });
  for (const use of ['\\Sent', '\\Drafts', '\\Trash', '\\Junk']) {
    assert.ok(folders.some(folder => folder.specialUse === use), `${use} is not there`);
  }
  assert.equal(folders.find(folder => folder.path === 'INBOX').status.messages, 2);
  console.log('folders');

  await client.mailboxCreate('Wörk');
  const lock = await client.getMailboxLock('INBOX');
  try {
    assert.equal(client.mailbox.exists, 2);
    const seen = [];
    for await (const message of client.fetch('1:*', { uid: true, flags: true, envelope: true, bodyStructure: true, internalDate: true, size: true, threadId: true, source: true })) {
      seen.push(message);
      assert.equal(message.source.length, message.size);
      assert.equal(message.bodyStructure.type, 'text/plain');
    }
    assert.deepEqual(seen.map(message => message.envelope.subject), ['One for imapflow', 'Two for imapflow']);
    assert.equal(new Set(seen.map(message => message.emailId)).size, 2);
    console.log('fetch');

    assert.deepEqual(await client.search({ subject: 'Two for' }, { uid: true }), [2]);
    assert.deepEqual(await client.search({ or: [{ body: 'body of One' }, { deleted: true }] }, { uid: true }), [1]);
    assert.equal(await client.messageFlagsAdd('1', ['\\Flagged', '$Label1'], { uid: true }), true);
    assert.ok((await client.fetchOne('1', { flags: true }, { uid: true })).flags.has('$Label1'));
    const { content } = await client.download('2', '1', { uid: true });
    let text = '';
    for await (const chunk of content) text += chunk;
    assert.match(text, /^body of Two for imapflow/);
    console.log('search, flags, download');

    const appended = await client.append('Wörk', 'Subject: Left\r\n\r\nHello.\r\n', ['\\Seen'], new Date('2026-11-24T10:00:00Z'));
    assert.equal(appended.uid, 1);
    const copied = await client.messageCopy('1', 'Wörk', { uid: true });
    assert.deepEqual([...copied.uidMap], [[1, 2]]);
    const moved = await client.messageMove('1', 'Wörk', { uid: true });
    assert.deepEqual([...moved.uidMap], [[1, 3]]);
    assert.equal(await client.messageDelete('2', { uid: true }), true);
    assert.equal((await client.status('INBOX', { messages: true })).messages, 0);
    assert.equal((await client.status('Wörk', { messages: true, highestModseq: true })).messages, 3);
    console.log('append, copy, move, delete');

    const other = await connect(true);
    const arrived = new Promise(resolve => client.once('exists', resolve));
    const idling = client.idle();
    await new Promise(resolve => setTimeout(resolve, 200));
    await other.append('INBOX', 'Subject: Pushed\r\n\r\nHello.\r\n');
    assert.equal((await within(20000, arrived, 'a new message while idle')).count, 1);
    await client.noop();
    await idling;
    console.log('idle');

    const expunged = new Promise(resolve => client.once('expunge', resolve));
    const otherLock = await other.getMailboxLock('INBOX');
    await other.messageDelete('1:*');
    otherLock.release();
    await client.noop();
    assert.equal((await within(20000, expunged, 'a message that is gone')).vanished, true);
    await other.logout();
    console.log('vanished');
  } finally {
    lock.release();
  }

  const quota = await client.getQuota('INBOX');
  assert.ok(quota === false || quota.path === 'INBOX');
  await client.mailboxRename('Wörk', 'Wörks');
  await client.mailboxSubscribe('Wörks');
  assert.ok((await client.list()).some(folder => folder.path === 'Wörks' && folder.subscribed));
  await client.mailboxDelete('Wörks');
  await client.logout();
  console.log('all done');
}

main().catch(error => { console.error(error); process.exit(1); });
