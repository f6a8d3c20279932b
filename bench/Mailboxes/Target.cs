using System.CommandLine;
using System.Net;

namespace MailSuite.Bench.Mailboxes;

/// <summary>The server that is tried: one on this machine that runs already, or the program as a child.</summary>
internal sealed class Target
{
    private readonly Option<string> _host = new("--host") { Description = "Address of a server that runs already; without it the program is started.", DefaultValueFactory = _ => "" };
    private readonly Option<int> _port = Numbers.Option("--port", "-p", "Its IMAP port.", 143, 65_535);
    private readonly Option<string> _user = new("--user", "-u") { Description = "The account whose mailboxes are used.", DefaultValueFactory = _ => "user1@bench.test" };
    private readonly Option<string> _password = new("--password") { Description = "Its password.", DefaultValueFactory = _ => "pass" };
    private readonly Option<FileInfo> _program = new("--program") { Description = "The program to start.", DefaultValueFactory = _ => new FileInfo("artifacts/publish/mailsuite") };

    public IEnumerable<Option> Options => [_host, _port, _user, _password, _program];

    public string User(ParseResult parsed) => parsed.GetValue(_user)!;

    public string Password(ParseResult parsed) => parsed.GetValue(_password)!;

    /// <param name="isKilled">Whether it must be one that may be killed.</param>
    /// <param name="workAsync">Gets where it listens, and the child where it is one.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> UseAsync(ParseResult parsed, bool isKilled, Func<Func<CancellationToken, Task<IPEndPoint>>, Child?, Task<int>> workAsync, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_host) is { Length: > 0 } given)
        {
            if (!IPAddress.TryParse(given, out var address) || !IPAddress.IsLoopback(address) || isKilled)
            {
                await Console.Error.WriteLineAsync("--host takes an address of this machine, such as 127.0.0.1, and a server that is not started by this command is not killed.");
                return 2;
            }

            var server = new IPEndPoint(address, parsed.GetValue(_port));
            return await workAsync(_ => Task.FromResult(server), null);
        }

        var file = parsed.GetValue(_program)!;
        if (!file.Exists)
        {
            await Console.Error.WriteLineAsync($"{file} is not there. Publish it: dotnet publish src/Host -c Release -r linux-x64 -o artifacts/publish");
            return 2;
        }

        var directory = Directory.CreateTempSubdirectory("mailsuite-mailboxes-");
        try
        {
            await using var child = new Child(file.FullName, directory.FullName);
            await child.StartAsync(cancellationToken);
            var code = await workAsync(child.ImapAsync, child);
            foreach (var line in child.Output.Distinct(StringComparer.Ordinal).Take(20))
                Console.WriteLine(line);
            return code;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
