using System.Text.Json;
using MailSuite.Mua.Compose;
using MailSuite.Mua.Reading;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailSuite.Mua.Api;

/// <summary>Sends a message as an account, as the compose page does.</summary>
internal static class SubmissionEndpoint
{
    internal static void Map(IEndpointRouteBuilder api, UploadLimits limits) =>
        api.MapPost("/accounts/{address}/submissions", SubmitAsync).WithMetadata(limits);

    private static async Task<IResult> SubmitAsync(
        string address, HttpRequest request, ApiAccounts accounts, OutgoingMail outgoing, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (account, refusal) = await accounts.FindAsync(address, cancellationToken);
        if (account is null)
            return refusal!;
        if (!request.HasFormContentType)
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "A submission is multipart/form-data with a field “message” and files “attachment”.");

        IFormCollection form;
        SubmissionRequest? message;
        try
        {
            form = await request.ReadFormAsync(cancellationToken);
            message = JsonSerializer.Deserialize<SubmissionRequest>(form["message"].ToString(), ApiJson.Options);
        }
        catch (JsonException e)
        {
            return Problems.Unprocessable($"The field “message” is not the JSON of a submission: {e.Message}");
        }
        catch (BadHttpRequestException e)
        {
            return Problems.Of(e.StatusCode, $"The submission cannot be read: {e.Message}");
        }
        catch (InvalidDataException e)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, $"The submission is too large or no multipart/form-data: {e.Message}");
        }

        if (message is null)
            return Problems.Unprocessable("The field “message” is missing.");

        var files = form.Files.GetFiles("attachment")
            .Select(f => new DraftFile(AttachmentName.Clean(f.FileName) ?? "attachment", f.ContentType ?? "application/octet-stream", f.OpenReadStream)).ToList();
        return await outgoing.SendAsync(account, DraftOf(message, DeliveryId.New(clock)), files, cancellationToken) switch
        {
            SendOutcome.Sent sent => ApiJson.Accepted(new SubmissionView(sent.QueueId, sent.MessageId, sent.Journey.ToString())),
            SendOutcome.Refused refused => Problems.Unprocessable(string.Join(" ", refused.Errors.Select(e => e.Reason))),
            SendOutcome.Deferred deferred => Problems.Of(StatusCodes.Status503ServiceUnavailable, deferred.Reason),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        };
    }

    private static Draft DraftOf(SubmissionRequest message, DeliveryId id) => new(id)
    {
        To = Join(message.To),
        Cc = Join(message.Cc),
        Bcc = Join(message.Bcc),
        Subject = message.Subject ?? "",
        Text = message.Text ?? "",
        InReplyTo = message.InReplyTo?.Trim('<', '>'),
        References = message.InReplyTo is { Length: > 0 } parent ? [parent.Trim('<', '>')] : [],
    };

    private static string Join(IReadOnlyList<string>? addresses) => addresses is null ? "" : string.Join(", ", addresses);
}
