using System.Net;
using System.Net.Security;
using System.Text;
using System.Text.RegularExpressions;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Testing.Dialogue;

/// <summary>Plays the client of a dialogue against a server, over transports in memory.</summary>
/// <param name="serve">The server: one connection, and the token that says that the program is about to end.</param>
public sealed class DialoguePlayer(Func<IMailTransport, CancellationToken, Task> serve, FakeTimeProvider clock)
{
    /// <summary>Real time, so that a server that never answers fails its test and does not hang it.</summary>
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static readonly IPEndPoint ClientEndPoint = new(IPAddress.Parse("192.0.2.7"), 40_000);

    /// <summary>Plays the dialogue to its end, then closes, and sees that the server says nothing more and is done.</summary>
    /// <exception cref="DialogueException">The server said something else; the message shows the dialogue up to there.</exception>
    public async Task PlayAsync(Chunking chunking, string dialogue, CancellationToken cancellationToken)
    {
        using var stopping = new CancellationTokenSource();
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        guard.CancelAfter(Guard);
        var transports = new ConnectedTransports(chunking, ClientEndPoint);
        var serving = ServeAsync(transports.Server, stopping.Token);
        var run = new Run(transports, stopping, clock, guard.Token);
        try
        {
            foreach (var step in DialogueScript.Parse(dialogue))
                await run.DoAsync(step);
            await run.FinishAsync();
            await serving.WaitAsync(guard.Token);
        }
        catch (Exception e) when (e is not DialogueException)
        {
            throw new DialogueException(e is OperationCanceledException ? "the server did not go on" : e.ToString(), run.Played);
        }
        finally
        {
            await transports.Client.DisposeAsync();
        }
    }

    private async Task ServeAsync(PipeTransport transport, CancellationToken stopping)
    {
        try
        {
            await serve(transport, stopping);
        }
        finally
        {
            await transport.DisposeAsync();
        }
    }

    private sealed class Run(ConnectedTransports transports, CancellationTokenSource stopping, FakeTimeProvider clock, CancellationToken cancellationToken)
    {
        private const int MaxLineOctets = 64 * 1024;

        private readonly LineReader _reader = new(transports.Client, MaxLineOctets);
        private readonly StringBuilder _played = new();
        private Task _sending = Task.CompletedTask;
        private bool _closed;

        public string Played => _played.ToString();

        public async Task DoAsync(DialogueStep step)
        {
            switch (step)
            {
                case DialogueStep.Expect expected:
                    var said = await ReadAsync();
                    if (said is null || !Matches(said, expected.Pattern))
                        throw new DialogueException($"expected \"{expected.Pattern}\" and heard {(said is null ? "the end" : $"\"{said}\"")}", Played);
                    break;
                case DialogueStep.ExpectLines expected:
                    await ReadLinesAsync(expected);
                    break;
                case DialogueStep.ExpectClose:
                    if (await ReadAsync() is { } more)
                        throw new DialogueException($"expected the end and heard \"{more}\"", Played);
                    _closed = true;
                    break;
                case DialogueStep.Send turn:
                    await _sending;
                    Note("C: ", Encoding.UTF8.GetString(turn.Octets));
                    // Not awaited: a client that pipelines must read while it sends (RFC 2920 §3.1).
                    _sending = transports.SendAsync(turn.Octets, cancellationToken);
                    break;
                case DialogueStep.Close:
                    await CloseAsync();
                    break;
                case DialogueStep.BeginTls:
                    await _sending;
                    await transports.Client.UpgradeToTlsAsync(
                        new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = static (_, _, _, _) => true }, cancellationToken);
                    break;
                case DialogueStep.Wait wait:
                    await _sending;
                    clock.Advance(wait.Time);
                    break;
                case DialogueStep.Stop:
                    await _sending;
                    await stopping.CancelAsync();
                    break;
            }
        }

        private async Task ReadLinesAsync(DialogueStep.ExpectLines expected)
        {
            var lines = new List<string>();
            while (true)
            {
                var said = await ReadAsync();
                if (said is null || said.Length < 4 || said[..3] != expected.Code)
                    throw new DialogueException($"expected a reply {expected.Code} and heard {(said is null ? "the end" : $"\"{said}\"")}", Played);
                lines.Add(said[4..]);
                if (said[3] == ' ')
                    break;
            }

            if (expected.With.FirstOrDefault(pattern => !lines.Exists(line => Matches(line, pattern))) is { } missing)
                throw new DialogueException($"no line of the reply is \"{missing}\"", Played);
            if (expected.Without.FirstOrDefault(pattern => lines.Exists(line => Matches(line, pattern))) is { } wrong)
                throw new DialogueException($"a line of the reply is \"{wrong}\"", Played);
        }

        public async Task FinishAsync()
        {
            if (_closed)
                return;

            await CloseAsync();
            // In TLS the farewell of one side ends both.
            if (transports.Client.Tls is not null)
                return;
            if (await ReadAsync() is { } more)
                throw new DialogueException($"the dialogue is over, and the server says \"{more}\"", Played);
        }

        private async Task CloseAsync()
        {
            await _sending;
            if (transports.Client.Tls is null)
                await transports.Client.Output.CompleteAsync();
            else
                await transports.Client.DisposeAsync();
        }

        private async Task<string?> ReadAsync()
        {
            var line = await _reader.ReadAsync(cancellationToken);
            if (line.Outcome != LineOutcome.Line)
                return null;

            var text = Encoding.UTF8.GetString(line.Octets.Span);
            Note("S: ", text);
            return text;
        }

        private void Note(string who, string text) => _played.Append(who).AppendLine(text.Length > 200 ? text[..200] + "…" : text);

        private static bool Matches(string text, string pattern) =>
            pattern == text || Regex.IsMatch(text, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
    }
}

/// <summary>A dialogue went otherwise than written.</summary>
public sealed class DialogueException(string difference, string played) : Exception($"{difference}\n{played}");
