//! The making of the new site, beside the old one.
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::marker::{self, MARKER};
use super::standing::{Layout, Standing};
use super::swap;
use super::work::{Work, exists, make_folder};
use super::{Content, Failure, Report};

/// The new site in the making. Unless it is finished, nothing of it stays.
#[derive(Debug)]
pub struct Stage<'w> {
    work: &'w Work<'w>,
    standing: &'w Standing,
    folder: PathBuf,
    scaffold: Scaffold,
    written: AtomicUsize,
    kept: AtomicUsize,
}

impl<'w> Stage<'w> {
    /// Makes the folders of the new site.
    pub fn open(work: &'w Work, standing: &'w Standing, layout: &Layout) -> Result<Stage<'w>, Failure> {
        let (written, kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let folder = work.next();
        make_folder(&folder).map_err(Failure::io("make a folder in", &work.place.parent))?;
        let stage = Stage { work, standing, scaffold: Scaffold(Some(folder.clone())), folder, written, kept };
        for folder in &layout.folders {
            make_folder(&stage.folder.join(folder)).map_err(Failure::io("make the folder", &work.place.out.join(folder)))?;
        }
        Ok(stage)
    }

    /// Puts one file into the new site: the old file itself, if it has the same bytes.
    pub fn put(&self, path: &str, content: &Content<'_>) -> Result<(), Failure> {
        let old = self.work.place.out.join(path);
        let new = self.folder.join(path);
        if let Content::CopyOf(source) = content {
            open(source).map_err(Failure::io("read", source))?;
        }
        if let Content::Poured(_) = content {
            return self.pour(path, &old, &new, content).map_err(Failure::io("write", &old));
        }
        if self.standing.present.contains(path) && has_bytes(&old, content).unwrap_or(false) {
            keep(&old, &new, content).map_err(Failure::io("write", &old))?;
            self.kept.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        write(&new, content).map_err(Failure::io("write", &old))?;
        self.written.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// The same for what is not in memory: it is written, and compared with the old file then.
    fn pour(&self, path: &str, old: &Path, new: &Path, content: &Content<'_>) -> io::Result<()> {
        write(new, content)?;
        let written = Content::CopyOf(new.to_path_buf());
        if self.standing.present.contains(path) && has_bytes(old, &written).unwrap_or(false) {
            fs::remove_file(new)?;
            self.kept.fetch_add(1, Ordering::Relaxed);
            return keep(old, new, &Content::CopyOf(old.to_path_buf()));
        }
        self.written.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Puts the new site in place of the old one, and removes that. If they are the same, the old one stays.
    pub fn finish(mut self, layout: &Layout) -> Result<Report, Failure> {
        let mut report = self.report(layout);
        if self.standing.site && report.written == 0 && report.removed == 0 {
            return Ok(report);
        }
        self.carry()?;
        self.list(layout)?;
        self.keep_rights().map_err(Failure::io("write", &self.work.place.out))?;
        swap::publish(self.work, self.standing.site)?;
        self.scaffold.stands();
        if self.standing.site {
            report.notes = self.remove_old();
        }
        Ok(report)
    }

    fn report(&self, layout: &Layout) -> Report {
        let count = |number: &AtomicUsize| number.load(Ordering::Relaxed);
        let removed = self.standing.present.iter().filter(|path| !layout.files.contains(path.as_str())).count();
        let foreign = self.standing.foreign.len();
        Report { written: count(&self.written), kept: count(&self.kept), removed, foreign, notes: Vec::new() }
    }

    /// Carries along what others put into the old site. Where links are impossible, it is moved once the new site stands.
    fn carry(&self) -> Result<(), Failure> {
        for foreign in &self.standing.foreign {
            let old = self.work.place.out.join(&foreign.path);
            let new = self.folder.join(&foreign.path);
            if foreign.folder {
                fs::create_dir_all(&new).map_err(Failure::io("make the folder", &old))?;
            } else if let Some(holder) = new.parent() {
                fs::create_dir_all(holder).map_err(Failure::io("make the folder", &old))?;
                let _ = fs::hard_link(&old, &new);
            }
        }
        Ok(())
    }

    /// The list comes last: it is what tells a whole site from one in the making.
    fn list(&self, layout: &Layout) -> Result<(), Failure> {
        let (old, new) = (self.work.place.out.join(MARKER), self.folder.join(MARKER));
        let bytes = marker::write(layout.files.iter().copied()).map_err(Failure::io("write", &old))?;
        let content = Content::Bytes(bytes);
        let same = self.standing.site && has_bytes(&old, &content).unwrap_or(false);
        let draft = self.work.draft();
        let placed = if same { keep(&old, &new, &content) } else { write(&draft, &content).and_then(|_| fs::rename(&draft, &new)) };
        placed.map_err(Failure::io("write", &old))
    }

    /// The folder itself and those of others keep the rights that their owners gave them.
    fn keep_rights(&self) -> io::Result<()> {
        if !self.standing.site {
            return Ok(());
        }
        let folders = self.standing.foreign.iter().filter(|foreign| foreign.folder).map(|foreign| foreign.path.as_path());
        for folder in folders.chain([Path::new("")]) {
            let rights = fs::metadata(self.work.place.out.join(folder))?.permissions();
            fs::set_permissions(self.folder.join(folder), rights)?;
        }
        Ok(())
    }

    fn remove_old(&self) -> Vec<String> {
        let old = [self.work.next(), self.work.old()];
        old.iter().filter(|old| exists(old)).filter_map(|old| self.remove(old)).collect()
    }

    /// Removes an old site; what stands in the way of that, for people.
    fn remove(&self, old: &Path) -> Option<String> {
        let (shown, out) = (old.display(), self.work.place.out.display());
        match swap::sweep(self.work, old, &self.standing.made) {
            Ok(()) => exists(old).then(|| format!("{shown} holds files that journeybook did not make; move what you need to {out}")),
            Err(error) => Some(format!("the last site could not be removed from {shown}: {error}")),
        }
    }
}

/// The folder of a site in the making, which is removed unless the site came to stand.
#[derive(Debug)]
struct Scaffold(Option<PathBuf>);

impl Scaffold {
    /// What lies there now is the old site, or nothing.
    fn stands(&mut self) {
        self.0 = None;
    }
}

impl Drop for Scaffold {
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            // Its list goes first: without it, nobody takes what is left for a whole site.
            let _ = fs::remove_file(folder.join(MARKER));
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// The old file as it is; where links are impossible, a copy of the same time.
fn keep(old: &Path, new: &Path, content: &Content<'_>) -> io::Result<()> {
    if fs::hard_link(old, new).is_ok() {
        return Ok(());
    }
    let modified = fs::metadata(old)?.modified()?;
    write(new, content)?.set_modified(modified)
}

/// A new file. The umask may narrow its rights, and nothing else.
fn write(path: &Path, content: &Content<'_>) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o644).open(path)?;
    match content {
        Content::Bytes(bytes) => file.write_all(bytes)?,
        Content::CopyOf(source) => {
            io::copy(&mut open(source)?, &mut file)?;
        }
        Content::Poured(pour) => {
            let mut buffered = BufWriter::with_capacity(1 << 16, &mut file);
            pour(&mut buffered)?;
            buffered.flush()?;
        }
    }
    Ok(file)
}

/// A file to be copied: opening a pipe or a device could wait for ever.
fn open(source: &Path) -> io::Result<File> {
    if !fs::metadata(source)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no plain file"));
    }
    File::open(source)
}

fn has_bytes(old: &Path, content: &Content<'_>) -> io::Result<bool> {
    let file = File::open(old)?;
    let length = file.metadata()?.len();
    match content {
        Content::Bytes(bytes) => Ok(bytes.len() as u64 == length && same(bytes.as_slice(), buffered(file, length))?),
        Content::CopyOf(source) => {
            let source = open(source)?;
            Ok(source.metadata()?.len() == length && same(buffered(source, length), buffered(file, length))?)
        }
        // It is compared once it is written.
        Content::Poured(_) => Ok(false),
    }
}

/// Memory stays flat, however large the file is.
fn buffered(file: File, length: u64) -> BufReader<File> {
    BufReader::with_capacity(length.clamp(1, 1 << 16) as usize, file)
}

fn same(mut a: impl BufRead, mut b: impl BufRead) -> io::Result<bool> {
    loop {
        let (left, right) = (a.fill_buf()?, b.fill_buf()?);
        let length = left.len().min(right.len());
        if length == 0 || left[..length] != right[..length] {
            return Ok(left.is_empty() && right.is_empty());
        }
        a.consume(length);
        b.consume(length);
    }
}
