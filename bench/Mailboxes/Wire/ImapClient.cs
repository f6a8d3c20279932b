using System.Globalization;
using System.Net;

namespace MailSuite.Bench.Mailboxes.Wire;

/// <summary>One command after the other, each of which must be answered OK.</summary>
internal sealed class ImapClient : IAsyncDisposable
{
    private readonly ImapConnection _connection;
    private int _tag;

    private ImapClient(ImapConnection connection) => _connection = connection;

    public static async Task<ImapClient> SignInAsync(IPEndPoint server, bool tls, string user, string password, CancellationToken cancellationToken)
    {
        var client = new ImapClient(await ImapConnection.ConnectAsync(server, tls, cancellationToken));
        await client._connection.ReadAsync(cancellationToken);
        await client.DoAsync($"LOGIN {user} {password}", cancellationToken);
        return client;
    }

    /// <param name="literals">Sent as they are asked for, one behind the other.</param>
    /// <returns>The untagged responses.</returns>
    public async Task<List<Answer>> DoAsync(string command, CancellationToken cancellationToken, params IReadOnlyList<string> literals)
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"c{++_tag}");
        var answers = new List<Answer>();
        var sent = 0;
        await _connection.SendAsync($"{tag} {command}{(literals.Count > 0 ? $" {{{literals[0].Length}}}" : "")}\r\n", cancellationToken);
        while (true)
        {
            var answer = await _connection.ReadAsync(cancellationToken);
            if (answer.Tag == "+" && sent < literals.Count)
            {
                var literal = literals[sent++];
                await _connection.SendAsync(literal + (sent < literals.Count ? $" {{{literals[sent].Length}}}\r\n" : "\r\n"), cancellationToken);
            }
            else if (answer.Tag == tag)
            {
                return answer.IsOk ? answers : throw new WrongAnswerException($"{command.Split(' ')[0]} was answered {answer.Name} {answer.Rest}.");
            }
            else
            {
                answers.Add(answer);
            }
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
