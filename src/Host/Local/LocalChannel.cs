using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Disk;
using MailSuite.Shared.LineProtocol;
using MailSuite.Shared.Maildrop;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.Local;

/// <summary>The program's side of the private socket: what the commands of the same user ask of it.</summary>
/// <remarks>
/// The first line says what; the rest belongs to it. Whoever can connect owns the data directory, so what it says of a client's address is
/// believed, and the system is asked who it is.
/// </remarks>
internal sealed partial class LocalChannel(ISmtpServer smtp, ILocalMail mail, IMailQueue queue, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<LocalChannel> log)
{
    /// <summary>A session of SMTP: the role and the client's address, or <c>-</c>.</summary>
    public const string Smtp = "SMTP";

    /// <summary>A drop follows; answered as <see cref="DropAnswer"/> has it.</summary>
    public const string Drop = "DROP";

    /// <summary>Answered with the queue in JSON.</summary>
    public const string Queue = "QUEUE";

    /// <summary>Answered when what waits has been made due.</summary>
    public const string Run = "RUN";

    private const int MaxRequestOctets = 256;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static string SmtpRequest(SmtpRole role, EndPoint? client) => $"{Smtp} {role} {client?.ToString() ?? "-"}\n";

    public async Task ServeAsync(ConnectionContext connection)
    {
        try
        {
            var user = connection.Features.Get<IConnectionSocketFeature>() is { } feature ? LocalSocket.PeerOf(feature.Socket) : null;
            if (user is { } id && id != 0 && id != UserAccount.CurrentId)
            {
                LogStranger(id);
                return;
            }

            if (await ReadRequestAsync(connection.Transport.Input) is { } request)
                await AnswerAsync(connection, request.Split(' '), user);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException or OperationCanceledException or System.Net.Sockets.SocketException)
        {
            // The other side is gone; what it was answered counts.
        }
        catch (Exception e)
        {
            LogBroken(e);
        }
    }

    private async Task AnswerAsync(ConnectionContext connection, string[] request, long? user)
    {
        switch (request)
        {
            case [Smtp, var word, var address] when Enum.TryParse<SmtpRole>(word, out var role) && Enum.IsDefined(role) && TryClient(address, out var client):
                await using (var transport = new PipeTransport(connection.Transport.Input, connection.Transport.Output, null, client, owned: null))
                    await smtp.ServeAsync(transport, role, lifetime.ApplicationStopping);
                break;
            case [Drop]:
                await using (var drop = connection.Transport.Input.AsStream(leaveOpen: true))
                    await WriteAsync(connection, Encoding.UTF8.GetBytes(DropAnswer.Of(await mail.SubmitAsync(drop, user, connection.ConnectionClosed))));
                break;
            case [Queue]:
                await using (var answer = connection.Transport.Output.AsStream(leaveOpen: true))
                    await JsonSerializer.SerializeAsync(answer, QueueAsync(connection.ConnectionClosed), LocalJson.Default.IAsyncEnumerableQueuedMail, connection.ConnectionClosed);
                break;
            case [Run]:
                await queue.OrderAsync(new QueueOrder(QueueAction.Retry, "sendmail -q"), QueueFilter.Everything, progress: null, CancellationToken.None);
                await WriteAsync(connection, "done\n"u8.ToArray());
                break;
            default:
                LogUnknown(string.Join(' ', request));
                break;
        }
    }

    /// <summary>All of the queue, a page at a time.</summary>
    private async IAsyncEnumerable<QueuedMail> QueueAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await queue.ListAsync(QueueFilter.Everything, new QueuePageRequest(QueuePageRequest.MaxLimit, cursor) { MaxRecipients = int.MaxValue }, cancellationToken);
            foreach (var waiting in page.Messages)
                yield return waiting;
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    private static bool TryClient(string text, out EndPoint? client)
    {
        var parsed = IPEndPoint.TryParse(text, out var ip);
        client = ip;
        return parsed || text == "-";
    }

    private static async Task WriteAsync(ConnectionContext connection, ReadOnlyMemory<byte> answer) => await connection.Transport.Output.WriteAsync(answer, CancellationToken.None);

    /// <summary>The first line; <see langword="null"/> when none comes.</summary>
    private async ValueTask<string?> ReadRequestAsync(PipeReader input)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        while (true)
        {
            var read = await input.ReadAsync(patience.Token);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.ASCII.GetString(read.Buffer.Slice(0, end));
                input.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            var isTooMuch = read.IsCompleted || read.Buffer.Length > MaxRequestOctets;
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (isTooMuch)
                return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The user {User} of this machine is not let in at the private socket.")]
    private partial void LogStranger(long user);

    [LoggerMessage(LogLevel.Warning, "The private socket was asked for '{Request}', which it does not know.")]
    private partial void LogUnknown(string request);

    [LoggerMessage(LogLevel.Error, "A request on the private socket failed.")]
    private partial void LogBroken(Exception exception);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<QueuedMail>))]
[JsonSerializable(typeof(IAsyncEnumerable<QueuedMail>))]
internal sealed partial class LocalJson : JsonSerializerContext;
