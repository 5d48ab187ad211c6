// The worker that reads files, and where there is more than one core another beside it, to which it hands what is hashed twice.
export function hashingWorker(address) {
  const worker = new Worker(address, { type: "module" });
  if (navigator.hardwareConcurrency > 1) {
    const other = new Worker(address, { type: "module", name: "beside" });
    other.onerror = () => worker.postMessage({ do: "alone" });
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ do: "beside", port: port1 }, [port1]);
    other.postMessage({ port: port2 }, [port2]);
  }
  return worker;
}
