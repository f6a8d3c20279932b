using System.CommandLine;
using MailSuite.Host.Configuration;
using MailSuite.Host.Logging;
using MailSuite.Host.Running;
using MailSuite.Mda;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.CommandLine;

/// <summary>Opens the message store for a command, beside a running program or without one, and closes it again.</summary>
internal static class OpenStore
{
    public static Task<int> UseAsync(ParseResult parsed, Func<IAccounts, Task<int>> work, CancellationToken cancellationToken) =>
        UseAsync(parsed, (accounts, _) => work(accounts), cancellationToken);

    public static Task<int> UseAsync(ParseResult parsed, Func<IAccounts, IMailboxAdministration, Task<int>> work, CancellationToken cancellationToken) =>
        UseAsync(parsed, services => work(services.GetRequiredService<IAccounts>(), services.GetRequiredService<IMailboxAdministration>()), cancellationToken);

    public static Task<int> UseAsync<TContract>(ParseResult parsed, Func<TContract, Task<int>> work, CancellationToken cancellationToken)
        where TContract : notnull =>
        UseAsync(parsed, services => work(services.GetRequiredService<TContract>()), cancellationToken);

    private static async Task<int> UseAsync(ParseResult parsed, Func<IServiceProvider, Task<int>> work, CancellationToken cancellationToken)
    {
        if (await SettingsAsync(parsed, "whose accounts are meant") is not { } settings)
            return ExitCodes.Usage;

        DataDirectory.Create(settings.DataDirectory);
        using var host = Build(settings);
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new StartException(e.Message, e);
        }

        try
        {
            return await work(host.Services);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Opens the store without what looks after it: a repair must be alone, and says by itself what hinders it.</summary>
    internal static async Task<int> MaintainAsync(ParseResult parsed, Func<IStoreMaintenance, Task<int>> work)
    {
        if (await SettingsAsync(parsed, "whose store is meant") is not { } settings)
            return ExitCodes.Usage;
        if (!File.Exists(Path.Combine(settings.DataDirectory, "mda.db")))
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"mailsuite: there is no message store in {settings.DataDirectory}.");
            return ExitCodes.Failed;
        }

        using var host = Build(settings);
        return await work(host.Services.GetRequiredService<IStoreMaintenance>());
    }

    /// <summary>The settings of the program that is meant: those of the file named, else those of the program that runs, else those of development.</summary>
    /// <param name="what">What a person has to say when there is none of these: a clause.</param>
    internal static async Task<HostSettings?> SettingsAsync(ParseResult parsed, string what)
    {
        if (GlobalOptions.ConfigOf(parsed) is not null)
            return GlobalOptions.Sources(parsed, Profile.Server).Read();

        if (RunningPrograms.FindFile(parsed).Run is { } run)
        {
            var profile = run.Profile == MailSuiteProgram.ProfileName(Profile.Server) ? Profile.Server : Profile.Development;
            return (GlobalOptions.Sources(parsed, profile, ("DataDirectory", "run.json", run.DataDirectory)) with { File = run.ConfigurationFile }).Read();
        }

        if (GlobalOptions.DataOf(parsed) is not null)
            return GlobalOptions.Sources(parsed, Profile.Development).Read();

        await parsed.InvocationConfiguration.Error.WriteLineAsync($"mailsuite: no MailSuite is running, so say {what}: --config FILE of a server, or --data DIR.");
        return null;
    }

    private static IHost Build(HostSettings settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddProgramLog(settings.Log with { Level = LogLevel.Warning });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IJourneyRecorder, NoJourneys>();
        builder.Services.AddMda(settings.Mda);
        return builder.Build();
    }

    /// <summary>A command that changes accounts hands no message on, so there is no journey to tell.</summary>
    private sealed class NoJourneys : IJourneyRecorder
    {
        public void Record(JourneyEvent journeyEvent)
        {
        }
    }
}
