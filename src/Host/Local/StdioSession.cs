using System.Net.Sockets;
using System.Text;
using MailSuite.Host.CommandLine;
using MailSuite.Host.Configuration;
using MailSuite.Host.Logging;
using MailSuite.Host.Running;
using MailSuite.Host.Tls;
using MailSuite.Mda;
using MailSuite.Mta;
using MailSuite.Mua;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.LineProtocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Host.Local;

/// <summary>
/// One session of SMTP on standard input and output. The program that runs on the data directory has it, and this process carries octets; when
/// none runs, this process takes the data directory for as long as the session lasts.
/// </summary>
internal static class StdioSession
{
    /// <summary>How long to wait for another process that has the data directory, such as another session, before the client is sent away.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(200);

    /// <param name="role">What the client is served as; <see langword="null"/> for sendmail -bs: a program of this machine as its user, a client of the network as everybody.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(LocalProgram program, SmtpRole? role, TextWriter error, CancellationToken cancellationToken)
    {
        using var client = StandardInput.Open();
        var served = role ?? (client.Client is null ? SmtpRole.Local : SmtpRole.Mx);
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        while (true)
        {
            using var socket = await LocalSocket.ConnectAsync(program.DataDirectory, cancellationToken);
            if (socket is not null)
                return await CarryAsync(socket, client, served, cancellationToken);

            try
            {
                var settings = program.Settings();
                using var data = DataDirectory.Take(settings.DataDirectory);
                return await ServeAsync(settings, client, served, cancellationToken);
            }
            catch (StartException e) when (DataDirectory.IsHeldBySomebody(e) && clock.GetElapsedTime(started) < LockPatience)
            {
                await Task.Delay(LockPause, clock, cancellationToken);
            }
            catch (StartException e)
            {
                await client.Output.WriteAsync("421 4.3.2 Not available now; come back later\r\n"u8.ToArray(), cancellationToken);
                if (!StandardInput.IsErrorOfClient())
                    await error.WriteLineAsync($"mailsuite: cannot start. {e.Message}");
                return ExitCodes.TryAgain;
            }
        }
    }

    private static async Task<int> CarryAsync(Socket socket, StandardInput client, SmtpRole role, CancellationToken cancellationToken)
    {
        try
        {
            await using var server = new NetworkStream(socket);
            await server.WriteAsync(Encoding.ASCII.GetBytes(LocalChannel.SmtpRequest(role, client.Client)), cancellationToken);
            // When the client has said all, the server hears that and ends; the process waits for the server alone.
            _ = SendAsync(client.Input, server, socket, cancellationToken);
            await ReceiveAsync(server, client.Output, cancellationToken);
            return ExitCodes.Ok;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return ExitCodes.TryAgain;
        }
    }

    private static async Task SendAsync(Stream input, NetworkStream server, Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            await input.CopyToAsync(server, cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The session is over.
        }
    }

    /// <summary>Each reply goes out as it comes: a client waits for it.</summary>
    private static async Task ReceiveAsync(NetworkStream server, Stream output, CancellationToken cancellationToken)
    {
        var block = new byte[16 * 1024];
        for (int read; (read = await server.ReadAsync(block, cancellationToken)) > 0;)
        {
            await output.WriteAsync(block.AsMemory(0, read), cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
    }

    private static async Task<int> ServeAsync(HostSettings settings, StandardInput client, SmtpRole role, CancellationToken cancellationToken)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        if (!StandardInput.IsErrorOfClient())
            builder.Logging.AddProgramLog(settings.Log with { Level = LogLevel.Warning }, toError: true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.ShutdownTimeout);
        builder.Services.AddSingleton<TimeProvider>(ProgramClock.Open(settings, TimeProvider.System));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<ServerTls>();
        builder.Services.AddSingleton<IServerTls>(provider => provider.GetRequiredService<ServerTls>());
        builder.Services.AddJourneys(settings.Mua).AddMda(settings.Mda).AddMta(settings.Mta);
        using var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new StartException(e.Message, e);
        }

        await using (var transport = client.ToTransport())
            await host.Services.GetRequiredService<ISmtpServer>().ServeAsync(transport, role, cancellationToken);
        await host.StopAsync(CancellationToken.None);
        return ExitCodes.Ok;
    }
}
