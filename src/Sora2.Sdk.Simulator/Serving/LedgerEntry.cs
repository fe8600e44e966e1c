namespace Sora2.Sdk.Simulator.Serving;

/// <summary>Creates the ledger's record of a request and its response, without the key.</summary>
internal static class LedgerEntry
{
    // Clients put credentials into these headers, so their values are never recorded.
    private static readonly string[] SecretHeaders = ["Proxy-Authorization", "Cookie", "X-Api-Key", "Api-Key"];

    private static readonly Dictionary<string, IReadOnlyList<string>> NoFields = [];

    public static SimulatorRequest Create(
        ReceivedRequest request,
        string platform,
        SimulatorOperation operation,
        SimulatedResponse? response,
        int? statusCode,
        SimulatorFault? fault,
        Sora2SimulatorOptions options,
        KeyRing keys)
    {
        var credentials = Credentials.From(request, keys);
        var form = options.RecordBodies ? request.Form : null;
        return new SimulatorRequest
        {
            Platform = platform,
            Operation = operation,
            Method = request.Method,
            PathAndQuery = keys.Redact(request.Target),
            Headers = request.Headers.ToDictionary(
                header => header.Key,
                header => Redact(header.Key, header.Value, credentials, keys),
                StringComparer.OrdinalIgnoreCase),
            AuthorizationMatched = credentials.Matched,
            CarriedKey = credentials.CarriedKey,
            Body = options.RecordBodies ? request.Body : default,
            Json = options.RecordBodies ? request.Json : null,
            FormFields = form?.Fields ?? NoFields,
            FormPartNames = form?.PartNames ?? [],
            FormFiles = form?.Files ?? [],
            StatusCode = statusCode,
            WasBilled = response?.WasBilled ?? false,
            TaskId = response?.TaskId,
            Mentions = response?.Mentions ?? [],
            Fault = fault == SimulatorFault.None ? null : fault,
            At = request.At,
        };
    }

    private static string Redact(string header, string value, Credentials credentials, KeyRing keys)
    {
        if (header.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
        {
            return $"{credentials.Scheme} {(credentials.Matched == true ? "[the key]" : "[another key]")}".TrimStart();
        }

        return SecretHeaders.Contains(header, StringComparer.OrdinalIgnoreCase) ? "[masked]" : keys.Redact(value);
    }
}
