using MailSuite.Mda.Pop3.Commands;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Pop3;

/// <summary>What the POP3 server is made of.</summary>
internal static class Pop3Parts
{
    public static void AddPop3(this IServiceCollection services) => services
        .AddSingleton<Maildrops>()
        .AddSingleton<Pop3Capabilities>()
        .AddSingleton<IPop3Command, CapaCommand>()
        .AddSingleton<IPop3Command, StlsCommand>()
        .AddSingleton<IPop3Command, UserCommand>()
        .AddSingleton<IPop3Command, PassCommand>()
        .AddSingleton<IPop3Command, AuthCommand>()
        .AddSingleton<IPop3Command, Utf8Command>()
        .AddSingleton<IPop3Command, LangCommand>()
        .AddSingleton<IPop3Command, StatCommand>()
        .AddSingleton<IPop3Command, ListCommand>()
        .AddSingleton<IPop3Command, UidlCommand>()
        .AddSingleton<IPop3Command, RetrCommand>()
        .AddSingleton<IPop3Command, TopCommand>()
        .AddSingleton<IPop3Command, DeleCommand>()
        .AddSingleton<IPop3Command, RsetCommand>()
        .AddSingleton<IPop3Command, NoopCommand>()
        .AddSingleton<IPop3Command, QuitCommand>()
        .AddSingleton<Pop3CommandTable>()
        .AddSingleton<IPop3Server, Pop3Server>();
}
