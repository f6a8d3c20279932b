using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace MailSuite.Mua.Api;

/// <summary>Refusals of the API as problem details (RFC 9457).</summary>
internal static class Problems
{
    internal static IResult Of(int status, string detail) => TypedResults.Json(
        new ProblemDetails { Status = status, Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), Detail = detail },
        contentType: "application/problem+json",
        statusCode: status);

    internal static IResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);

    internal static IResult Unprocessable(string detail) => Of(StatusCodes.Status422UnprocessableEntity, detail);
}
