using System.CommandLine;
using System.Net.Http.Headers;
using MailSuite.Host.Configuration;
using MailSuite.Host.Running;
using MailSuite.Shared.Contracts.Mua;

namespace MailSuite.Host.CommandLine;

/// <summary>Finds the running program that a command is meant for, by <c>--data</c>, <c>--config</c> and <c>--port-offset</c>.</summary>
internal static class RunningPrograms
{
    /// <summary>How long one request of a command may take, a submission with large attachments included.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    public static RunningProgram Find(ParseResult command) => FindFile(command) switch
    {
        ({ } run, _) => new RunningProgram.Found(Client(run)),
        (_, var reason) => new RunningProgram.NotFound(reason!),
    };

    /// <summary>
    /// Looks into the data directory that was named, by an option, a variable or the configuration file; into the usual ones of development
    /// and server when none was.
    /// </summary>
    /// <exception cref="ConfigurationException">The configuration file that was named cannot be read.</exception>
    public static (RunFile? Run, string? Reason) FindFile(ParseResult command)
    {
        var offset = GlobalOptions.PortOffsetOf(command);
        var named = GlobalOptions.Sources(command, Profile.Server).Whereabouts();
        IReadOnlyList<string> places = named.DataDirectory is { } directory
            ? [directory]
            : [DataDirectory.DefaultFor(Profile.Development, named.PortOffset), DataDirectory.DefaultFor(Profile.Server, 0)];
        foreach (var place in places.Where(place => place.Length > 0))
        {
            if (RunFile.Read(place) is not { } run || !run.IsAlive())
                continue;
            if (offset is { } asked && asked != run.PortOffset)
                return (null, $"The MailSuite on {place} runs with port offset {run.PortOffset}, not {asked}. Leave --port-offset out, or name another --data DIR.");
            return (run, null);
        }

        var start = GlobalOptions.ConfigOf(command) is { } file ? $"mailsuite serve --config {file}"
            : GlobalOptions.DataOf(command) is { } data ? $"mailsuite dev --data {data}"
            : $"mailsuite dev{(offset is > 0 ? $" --port-offset {offset}" : "")}";
        return (null, $"No MailSuite is running on {string.Join(" or ", places)}. Start it with: {start}");
    }

    private static HttpClient Client(RunFile run)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        // The address comes from a file that only the owner can write and leads to this machine; its certificate names the host to others.
#pragma warning disable CA5359
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        var client = new HttpClient(handler) { BaseAddress = run.Web, Timeout = Timeout };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", run.Token);
        return client;
    }
}
