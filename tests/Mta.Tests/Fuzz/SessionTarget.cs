using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Text;
using MailSuite.Mta.Tests.Smtp;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mta.Tests.Fuzz;

/// <summary>Whole sessions that have come to one state when the generated part begins.</summary>
/// <param name="beginning">What the client has said up to there.</param>
/// <param name="isTrusted">Whether the client may speak for others (XCLIENT, XFORWARD).</param>
/// <param name="isStranger">Whether what keeps strangers in check is on: a client that sends on where it must wait is soon cut off, and sees little of the server.</param>
internal sealed class SessionTarget(string name, string beginning, SmtpRole role = SmtpRole.Mx, bool overTls = false, bool isTrusted = false, bool isStranger = false) : FuzzTarget(name)
{
    /// <summary>Sessions of one server, after which another one is taken: it keeps all that it was given.</summary>
    private const int MaxSessions = 100;

    /// <summary>What a session may say besides its replies to lines.</summary>
    private const int MaxReplyOctetsPerLine = 2048;

    /// <summary>What is put in front of a message.</summary>
    private const int MaxTraceOctets = 2560;

    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(20);
    private static readonly IPEndPoint Client = new(IPAddress.Parse("192.0.2.7"), 40_000);
    private static readonly SelfSignedTls Tls = new();

    private readonly byte[] _beginning = Encoding.Latin1.GetBytes(beginning);
    private SmtpScene? _scene;
    private int _sessions;
    private int _mails;
    private int _spooled;

    public override FuzzInput Generate(Random random) => new Mutator(random).Transcript(Corpus.Dialogues, Corpus.Words);

    public override async ValueTask CheckAsync(FuzzInput input)
    {
        try
        {
            await PlayAsync(input);
        }
        catch
        {
            // What it has left must not be laid to the next one.
            await ResetAsync();
            throw;
        }
    }

    private async ValueTask PlayAsync(FuzzInput input)
    {
        if (_scene is null || ++_sessions > MaxSessions)
            await RenewAsync();

        var scene = _scene!;
        var run = new Run(scene, overTls);
        var output = await run.GuardedAsync(_beginning, input);
        FuzzException.Unless(!scene.Log.Errors.Any(), "an error of ours in the log", string.Join('\n', scene.Log.Errors));
        FuzzException.Unless(scene.IncomingFiles.Count == 0, "a file is left", string.Join('\n', scene.IncomingFiles));
        byte[] all = overTls ? input.Octets : [.. _beginning, .. input.Octets];
        FuzzException.Unless(output.Length <= MaxReplyOctetsPerLine * (all.Count((byte)'\n') + 3), "more replies than lines", $"{output.Length} octets of replies");

        var model = new SessionModel(all, ReplyReader.Read(output), scene.Options, role == SmtpRole.Lmtp, input.HasWaits || run.Waited);
        Compare(model.Play(greets: !overTls), scene);
    }

    public override async ValueTask ResetAsync()
    {
        if (_scene is not null)
            await _scene.DisposeAsync();
        _scene = null;
    }

    private async Task RenewAsync()
    {
        await ResetAsync();
        (_sessions, _mails, _spooled) = (0, 0, 0);
        _scene = new SmtpScene(role, options => options with
        {
            AllowPlaintextAuthentication = true,
            AuthenticateOnMx = true,
            MaxCommandLineOctets = 600,
            MaxTextLineOctets = 200,
            MaxMessageOctets = 600,
            SpillOctets = 200,
            MaxErrors = 8,
            Strictness = options.Strictness with { TrustedNetworks = isStranger ? [] : [IPNetwork.Parse("192.0.2.0/24")] },
            XclientPeers = isTrusted ? [IPNetwork.Parse("192.0.2.0/24")] : [],
            XforwardPeers = isTrusted ? [IPNetwork.Parse("192.0.2.0/24")] : [],
        }, tls: overTls ? Tls : null);
    }

    /// <summary>What was delivered is what the model has seen, message for message: nothing is lost, nothing smuggled, nothing joined.</summary>
    private void Compare(IReadOnlyList<TakenMail> expected, SmtpScene scene)
    {
        var mails = scene.Mailboxes.Taken.Skip(_mails).Select(taken => (taken.Mail.Octets, Recipients: taken.Delivery.Recipients)).ToList();
        var entries = scene.Spool.Entries.Skip(_spooled).ToList();
        (_mails, _spooled) = (_mails + mails.Count, _spooled + entries.Count);

        // What is in its mailbox and waits only for the report of that has been delivered already.
        var spooled = new Queue<(byte[] Octets, IReadOnlyList<EnvelopeAddress> Recipients)>(entries
            .Where(entry => entry.Message.Recipients.Any(recipient => recipient.Success is null))
            .Select(entry => (entry.Octets, (IReadOnlyList<EnvelopeAddress>)[.. entry.Message.Recipients.Select(recipient => recipient.Address)])));
        var delivered = new Queue<(byte[] Octets, IReadOnlyList<EnvelopeAddress> Recipients)>(mails);
        foreach (var sent in expected)
        {
            var missing = sent.Recipients.ToHashSet();
            Match(delivered, sent.Octets, missing);
            Match(spooled, sent.Octets, missing);
            FuzzException.Unless(missing.Count == 0, "a message that was taken is missing, or is another one", $"{string.Join(", ", missing)} of {Encoding.Latin1.GetString(sent.Octets)}");
        }

        FuzzException.Unless(delivered.Count + spooled.Count == 0, "a message that nobody has sent", string.Join('\n', delivered.Concat(spooled).Select(mail => Encoding.Latin1.GetString(mail.Octets))));
    }

    private static void Match(Queue<(byte[] Octets, IReadOnlyList<EnvelopeAddress> Recipients)> got, byte[] sent, HashSet<EnvelopeAddress> missing)
    {
        if (missing.Count > 0 && got.TryPeek(out var next) && missing.IsSupersetOf(next.Recipients) && IsSame(sent, next.Octets))
        {
            got.Dequeue();
            missing.ExceptWith(next.Recipients);
        }
    }

    private static bool IsSame(byte[] sent, byte[] stored)
    {
        var added = stored.Length - sent.Length;
        return added is > 0 and <= MaxTraceOctets && stored.AsSpan(added).SequenceEqual(sent) && stored.AsSpan().StartsWith("Received: "u8) && stored[added - 1] == '\n';
    }

    /// <summary>One session. All runs on the thread that sends, so that the same input does the same each time.</summary>
    private sealed class Run(SmtpScene scene, bool overTls)
    {
        private readonly Pipe _up = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
        private readonly Pipe _down = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));

        /// <summary>How far it is, in case that it does not end.</summary>
        private string _at = "";

        /// <summary>Whether the clock had to be moved for the session to go on.</summary>
        public bool Waited { get; private set; }

        /// <returns>What the server said: all, or what it said under TLS.</returns>
        public async Task<byte[]> GuardedAsync(byte[] beginning, FuzzInput input)
        {
            try
            {
                return await PlayAsync(beginning, input).WaitAsync(Guard);
            }
            catch (TimeoutException)
            {
                throw new FuzzException("a session that does not end", _at);
            }
        }

        private async Task<byte[]> PlayAsync(byte[] beginning, FuzzInput input)
        {
            await using var server = new PipeTransport(_up.Reader, _down.Writer, null, Client, null);
            await using var client = new PipeTransport(_down.Reader, _up.Writer, null, null, null);
            var serving = scene.Server.ServeAsync(server, scene.Role, CancellationToken.None);
            await client.Output.WriteAsync(beginning);
            _at = "at the beginning";
            if (overTls)
                await BeginTlsAsync(client);
            _at = "while it is sent to";
            foreach (var step in input.Steps)
            {
                if (step.Wait > TimeSpan.Zero)
                    scene.Clock.Advance(step.Wait);
                else if ((await client.Output.WriteAsync(step.Octets)).IsCompleted)
                    break;
            }

            await _up.Writer.CompleteAsync();
            _at = "it waits for nothing that comes";
            await EndAsync(serving);
            _at = "while it closes";
            await server.DisposeAsync();
            return await ReadAsync(client.Input);
        }

        private static async Task BeginTlsAsync(PipeTransport client)
        {
            var heard = 0;
            while (heard == 0)
            {
                var read = await client.Input.ReadAtLeastAsync(1);
                var text = Encoding.ASCII.GetString(read.Buffer);
                heard = text.Contains("220 2.0.0", StringComparison.Ordinal) ? 1 : 0;
                client.Input.AdvanceTo(heard == 0 ? read.Buffer.Start : read.Buffer.End, read.Buffer.End);
            }

            await client.UpgradeToTlsAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = static (_, _, _, _) => true }, CancellationToken.None);
        }

        private async Task EndAsync(Task serving)
        {
            for (var steps = 0; !serving.IsCompleted && steps < 5; steps++)
            {
                if (await Task.WhenAny(serving, Task.Delay(TimeSpan.FromSeconds(2))) == serving)
                    break;
                Waited = true;
                scene.Clock.Advance(TimeSpan.FromMinutes(10));
            }

            await serving;
        }

        private static async Task<byte[]> ReadAsync(PipeReader input)
        {
            using var all = new MemoryStream();
            while (true)
            {
                var read = await input.ReadAsync();
                foreach (var segment in read.Buffer)
                    all.Write(segment.Span);
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return all.ToArray();
            }
        }
    }
}
