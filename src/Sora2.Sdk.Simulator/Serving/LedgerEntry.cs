namespace Sora2.Sdk.Simulator;

/// <summary>Turns a request and its answer into the ledger's record, without the key.</summary>
internal static class LedgerEntry
{
    // Where clients put credentials; whatever stands there is somebody's secret.
    private static readonly string[] SecretHeaders = ["Proxy-Authorization", "Cookie", "X-Api-Key", "Api-Key"];

    private static readonly Dictionary<string, IReadOnlyList<string>> NoFields = [];

    public static SimulatorRequest Of(
        ReceivedRequest request,
        string platform,
        SimulatorOperation operation,
        Answer? answer,
        int? statusCode,
        SimulatorFault? fault,
        Sora2SimulatorOptions options,
        KeyRing keys)
    {
        var credentials = Credentials.Of(request, keys);
        var form = options.RecordBodies ? request.Form : null;
        return new SimulatorRequest
        {
            Platform = platform,
            Operation = operation,
            Method = request.Method,
            PathAndQuery = keys.Mask(request.Target),
            Headers = request.Headers.ToDictionary(header => header.Key, header => Mask(header.Key, header.Value, credentials, keys), StringComparer.OrdinalIgnoreCase),
            AuthorizationMatched = credentials.Matched,
            CarriedKey = credentials.CarriedKey,
            Body = options.RecordBodies ? request.Body : default,
            Json = options.RecordBodies ? request.Json : null,
            FormFields = form?.Fields ?? NoFields,
            FormPartNames = form?.PartNames ?? [],
            FormFiles = form?.Files ?? [],
            StatusCode = statusCode,
            WasBilled = answer?.WasBilled ?? false,
            TaskId = answer?.TaskId,
            Mentions = answer?.Mentions ?? [],
            Fault = fault == SimulatorFault.None ? null : fault,
            At = request.At,
        };
    }

    private static string Mask(string header, string value, Credentials credentials, KeyRing keys)
    {
        if (header.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
        {
            return $"{credentials.Scheme} {(credentials.Matched == true ? "[the key]" : "[another key]")}".TrimStart();
        }

        return SecretHeaders.Contains(header, StringComparer.OrdinalIgnoreCase) ? "[masked]" : keys.Mask(value);
    }
}
