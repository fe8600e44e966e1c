using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Sora2.Sdk.Simulator.Serving;

/// <summary>The parts of a <c>multipart/form-data</c> body.</summary>
internal sealed record MultipartBody(
    IReadOnlyDictionary<string, IReadOnlyList<string>> Fields,
    IReadOnlyList<SimulatorFormFile> Files,
    IReadOnlyList<string> PartNames)
{
    // The standard allows 70; some clients use more. The reader's buffer is a limit as well.
    private const int MaxBoundaryLength = 200;

    /// <summary>Parses a body; null when it is not well-formed multipart.</summary>
    public static MultipartBody? Read(string contentType, ReadOnlyMemory<byte> body)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= MaxBoundaryLength } boundary)
        {
            return null;
        }

        var fields = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var files = new List<SimulatorFormFile>();
        var names = new List<string>();
        try
        {
            ReadParts(boundary.ToString(), body, fields, files, names);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // MultipartReader throws these for a body that ends too early, and for too many or too long headers.
            return null;
        }

        var fieldValues = fields.ToDictionary(field => field.Key, field => (IReadOnlyList<string>)field.Value, StringComparer.Ordinal);
        return new MultipartBody(fieldValues, files, names);
    }

    private static void ReadParts(
        string boundary,
        ReadOnlyMemory<byte> body,
        Dictionary<string, List<string>> fields,
        List<SimulatorFormFile> files,
        List<string> names)
    {
        var reader = new MultipartReader(boundary, ContentEncoding.StreamOf(body));

        // The body is in memory, so these tasks are complete when they are returned.
        while (reader.ReadNextSectionAsync().GetAwaiter().GetResult() is { } part)
        {
            var disposition = part.GetContentDispositionHeader();
            var name = HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).ToString();
            using var bytes = new MemoryStream();
            part.Body.CopyTo(bytes);
            names.Add(name);
            if (disposition?.IsFileDisposition() == true)
            {
                var fileName = disposition.FileNameStar.HasValue
                    ? disposition.FileNameStar
                    : HeaderUtilities.RemoveQuotes(disposition.FileName);
                var headers = part.Headers!.ToDictionary(
                    header => header.Key,
                    header => header.Value.ToString(),
                    StringComparer.OrdinalIgnoreCase);
                files.Add(new SimulatorFormFile(name, fileName.ToString(), part.ContentType, bytes.ToArray(), headers));
            }
            else
            {
                if (!fields.TryGetValue(name, out var values))
                {
                    fields[name] = values = [];
                }

                values.Add(Encoding.UTF8.GetString(bytes.ToArray()));
            }
        }
    }
}
