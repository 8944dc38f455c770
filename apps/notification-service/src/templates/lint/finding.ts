/** Something about a template that somebody should know; an error keeps it from being published. */
export interface Finding {
  severity: 'error' | 'warning';
  /** The kind of finding: `link_insecure`. */
  code: string;
  /** Path in the folder of templates. */
  file: string;
  line: number;
  message: string;
}

/** Makes findings of one severity. */
export const finder =
  (severity: Finding['severity']) =>
  (code: string, file: string, line: number, message: string): Finding => ({
    severity,
    code,
    file,
    line,
    message,
  });
